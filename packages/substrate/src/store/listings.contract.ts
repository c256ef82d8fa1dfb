import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import {
  countDeadTasks,
  type DeadTaskRow,
  deadTasks,
  findDeadTask,
  listDeadTasks,
} from '../tasks/dead-tasks.ts';
import {
  type AuditEntry,
  type AuditListing,
  insertAuditEntry,
  listAllAuditEntries,
  listAuditEntries,
} from './audit.ts';
import { insertChanges, listLatestChanges, listRecordChanges } from './changes.ts';
import {
  listConflictsFoundBy,
  listConflictsOf,
  listHeldRecordIds,
  listOpenConflicts,
  listOpenConflictsOf,
  putConflicts,
  type StoredConflict,
} from './conflicts.ts';
import { putCustomer } from './customers.ts';
import { putIntegration } from './integrations.ts';
import { listRuns, type RunListing, readRunTotals } from './list-runs.ts';
import { change, conflict, moment, owner, progress, run, scope } from './listed-rows.fixture.ts';
import {
  hasEditedRecords,
  putRecords,
  readRecordNames,
  scanEditedRecords,
  scanRecordNames,
} from './records.ts';
import { insertRun, putRunEntityType, type Run } from './runs.ts';
import type { Store } from './schema.ts';

/** What people page through, by the indexes that make it cheap: on every adapter of the store. */
export function describeListings(adapter: string, createAdapter: () => Promise<Store>): void {
  describe(`listings on ${adapter}`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await createAdapter();
      await store.transaction(async (transaction) => {
        putCustomer(transaction, { customerId: 'springfield', name: 'Springfield', timeZone: 'UTC' }, true);
        for (const integrationId of ['first', 'second']) {
          const vendor = { vendor: 'oneroster', state: 'active', connection: {}, settings: {} };
          putIntegration(transaction, { customerId: 'springfield', integrationId, ...vendor }, true);
        }
      });
    });
    afterEach(() => store.close());

    test('edited records come in order of id, each once, whenever they were edited, and no others', async () => {
      expect(await hasEditedRecords(store, scope)).toBe(false);
      const edits = { u1: 9, u2: null, u3: 1, u4: 5, u5: null, u6: 1 } as const;
      await store.transaction(async (transaction) => {
        for (const place of [scope, { ...scope, integrationId: 'second' }, { ...scope, entityType: 'org' }])
          putRecords(
            transaction,
            Object.entries(edits).map(([recordId, second]) => ({
              ...place,
              recordId: place === scope ? recordId : `x${recordId}`,
              value: {},
              hash: 'h',
              base: null,
              baseHash: second === null ? 'h' : null,
              version: 1,
              editedAt: second === null ? null : moment(second),
              openConflicts: 0,
            })),
          );
      });

      for (const limit of [1, 2, 100]) {
        const found: string[] = [];
        for (;;) {
          const page = await scanEditedRecords(store, scope, found.at(-1) ?? null, limit);
          found.push(...page.map(({ recordId }) => recordId));
          if (page.length < limit) break;
        }
        expect(found).toEqual(['u1', 'u3', 'u4', 'u6']);
      }
      expect(await hasEditedRecords(store, scope)).toBe(true);
      expect(await scanEditedRecords(store, scope, 'u6', 10)).toEqual([]);
    });

    test('whoever writes a record, it has the name of ours, or of base where ours is deleted, as long as the column is', async () => {
      const row = (recordId: string, value: JsonObject | null, base: JsonObject | null) => {
        const rest = {
          baseHash: 'h',
          version: 1,
          editedAt: base === null ? null : moment(1),
          openConflicts: 0,
        };
        return { ...scope, recordId, value, hash: value === null ? null : 'i', base, ...rest };
      };
      await store.transaction(async (transaction) => {
        putRecords(transaction, [
          row('long', { title: '😀'.repeat(300) }, null),
          row('ours', { givenName: 'Ada', familyName: 'Lovelace' }, { givenName: 'Augusta' }),
          row('deleted', null, { title: 'Base' }),
          row('unnamed', { userSourcedId: 'u1' }, null),
        ]);
      });

      const named = [
        { recordId: 'deleted', name: 'Base' },
        { recordId: 'long', name: '😀'.repeat(127) },
        { recordId: 'ours', name: 'Ada Lovelace' },
        { recordId: 'unnamed', name: null },
      ];
      expect(await scanRecordNames(store, scope, false, null, 10)).toEqual(named);
      expect(await scanRecordNames(store, scope, true, null, 1)).toEqual([named[0]]);
      expect(await scanRecordNames(store, scope, true, 'deleted', 10)).toEqual([named[2]]);
      const keys = ['ours', 'gone'].map((recordId) => ({ ...scope, recordId }));
      const { integrationId, entityType } = scope;
      expect(await readRecordNames(store, keys)).toEqual([{ integrationId, entityType, ...named[2] }]);
    });

    test('dead tasks come latest first, at most so many, without other queues and those whose end is to come', async () => {
      const row = (queue: string, id: string, second: number): DeadTaskRow => {
        const rest = { name: id, url: 'u', headers: {}, body: 'null', attempts: 1, lastStatus: null };
        return { queue, id, ...rest, createdAt: moment(0), diedAt: moment(second), lastAnswer: '' };
      };
      await store.transaction(async (transaction) => {
        for (const [id, second] of [
          ['a', 5],
          ['b', 7],
          ['c', 5],
          ['d', 6],
          ['e', 8],
        ] as const)
          transaction.insert(deadTasks, [row('night', id, second), row('nigh', `x${id}`, second)]);
      });

      const now = Date.parse(moment(7));
      const idsOf = async (limit: number) =>
        (await listDeadTasks(store, 'night', now, limit)).map(({ id }) => id);
      expect(await idsOf(100)).toEqual(['b', 'd', 'c', 'a']);
      expect(await idsOf(2)).toEqual(['b', 'd']);
      expect(await countDeadTasks(store, 'night', now, 100)).toBe(4);
      expect(await countDeadTasks(store, 'night', now, 3)).toBe(3);
      expect(await findDeadTask(store, { queue: 'night', id: 'e' }, now)).toBeUndefined();
      const later = await findDeadTask(store, { queue: 'night', id: 'e' }, now + 1_000);
      expect(later).toEqual(row('night', 'e', 8));
    });

    test('conflicts come by customer and by record, each once, also after one that has ended since', async () => {
      const rows = [
        conflict('u2', 'c1', 7),
        conflict('u1', 'c2', 8),
        conflict('u1', 'c3', 3),
        conflict('u1', 'c4', 3),
        conflict('u3', 'c5', null),
        { ...conflict('o1', 'c6', 1), entityType: 'org' },
        { ...conflict('u1', 'c7', 2), integrationId: 'second' },
      ];
      await store.transaction(async (transaction) => putConflicts(transaction, rows));

      const idsOf = (found: readonly StoredConflict[]) => found.map(({ conflictId }) => conflictId);
      expect(idsOf(await listOpenConflicts(store, 'springfield', undefined, 100))).toEqual([
        'c6',
        'c7',
        'c3',
        'c4',
        'c1',
        'c2',
      ]);
      expect(idsOf(await listOpenConflictsOf(store, owner, undefined, 100))).toEqual([
        'c6',
        'c3',
        'c4',
        'c2',
        'c1',
      ]);
      expect(idsOf(await listOpenConflictsOf(store, { ...scope, recordId: 'u1' }, undefined, 100))).toEqual([
        'c3',
        'c4',
        'c2',
      ]);
      expect(idsOf(await listConflictsOf(store, scope, undefined, 100))).toEqual([
        'c2',
        'c3',
        'c4',
        'c1',
        'c5',
      ]);
      const byRun = { customerId: 'springfield', runId: 'r' };
      expect(idsOf(await listConflictsFoundBy(store, { ...byRun, entityType: 'user' }, rows[4], 2))).toEqual(
        [],
      );
      const foundBefore = ['c6', 'c2', 'c3', 'c4', 'c7', 'c1', 'c5'];
      expect(idsOf(await listConflictsFoundBy(store, byRun, undefined, 100))).toEqual(foundBefore);
      expect(idsOf(await listConflictsFoundBy(store, byRun, rows[1], 2))).toEqual(['c3', 'c4']);
      const ofOther = await listConflictsFoundBy(store, { ...byRun, runId: 'other' }, undefined, 100);
      expect(ofOther).toEqual([]);
      const ended = { ...conflict('u1', 'c3', 3), openSince: null };
      expect(idsOf(await listOpenConflictsOf(store, scope, ended, 100))).toEqual(['c4', 'c2', 'c1']);
      expect(idsOf(await listOpenConflicts(store, 'springfield', ended, 2))).toEqual(['c4', 'c1']);
      for (const limit of [1, 2, 100]) {
        const first = await listHeldRecordIds(store, scope, null, limit);
        expect(first).toEqual(['u1', 'u2'].slice(0, limit));
        const last = first.at(-1) ?? null;
        expect(await listHeldRecordIds(store, scope, last, limit)).toEqual(limit === 1 ? ['u2'] : []);
      }
    });

    test('runs come latest first, by customer, integration, state and time, each once', async () => {
      await store.transaction(async (transaction) => {
        for (const [name, state, second, integrationId] of [
          ['a', 'failed', 5, 'first'],
          ['b', 'succeeded', 5, 'first'],
          ['c', 'partial', 5, 'second'],
          ['d', 'failed', 9, 'second'],
          ['e', 'failed', 1, 'first'],
          ['f', 'held', 7, 'first'],
        ] as const) {
          insertRun(
            transaction,
            run({ runId: name.repeat(8), state, integrationId, requestedAt: moment(second) }),
          );
        }
      });
      const namesOf = async (listing: Omit<RunListing, 'customerId' | 'limit'>, limit: number) => {
        const names: string[] = [];
        let after: Run | undefined;
        for (;;) {
          const from = after === undefined ? {} : { after };
          const page = await listRuns(store, { customerId: 'springfield', limit, ...listing, ...from });
          names.push(...page.map(({ runId }) => runId.charAt(0)));
          after = page.at(-1);
          if (page.length < limit) return names.join('');
        }
      };
      for (const limit of [1, 2, 100]) {
        expect(await namesOf({}, limit)).toBe('dfabce');
        expect(await namesOf({ integrationId: 'first' }, limit)).toBe('fabe');
        expect(await namesOf({ states: ['failed', 'partial'] }, limit)).toBe('dace');
        expect(await namesOf({ states: ['failed', 'held'], integrationId: 'first' }, limit)).toBe('fae');
        expect(await namesOf({ since: moment(5), until: moment(9) }, limit)).toBe('fabc');
        expect(await namesOf({ states: ['failed'], since: moment(2), until: moment(6) }, limit)).toBe('a');
        expect(await namesOf({ until: moment(5), integrationId: 'second' }, limit)).toBe('');
      }
      const late = { runId: 'd'.repeat(8), requestedAt: moment(9) };
      expect(await namesOf({ until: moment(6), after: late }, 100)).toBe('abce');
    });

    test('what came of the records of several runs is told for each of them, in one read', async () => {
      await store.transaction(async (transaction) => {
        for (const runId of ['first', 'second', 'third'])
          insertRun(
            transaction,
            run({ runId, state: 'succeeded', integrationId: 'first', requestedAt: moment(1) }),
          );
        for (const [runId, entityType, created] of [
          ['first', 'org', 1],
          ['first', 'user', 20],
          ['second', 'user', 300],
        ] as const)
          putRunEntityType(transaction, progress(runId, entityType, { created, updated: 1 }));
      });
      const totals = await readRunTotals(store, 'springfield', ['first', 'second', 'third', 'first']);
      expect([...totals].map(([runId, { created, updated }]) => [runId, created, updated])).toEqual([
        ['first', 21, 2],
        ['second', 300, 1],
        ['third', 0, 0],
      ]);
    });

    test('audit entries come latest first, of a customer or of all, each once', async () => {
      await store.transaction(async (transaction) => {
        putCustomer(transaction, { customerId: 'shelbyville', name: 'Shelbyville', timeZone: 'UTC' }, true);
        for (const [customerId, entryId, second] of [
          ['springfield', 'a', 5],
          ['shelbyville', 'b', 5],
          ['springfield', 'c', 5],
          ['springfield', 'd', 9],
          ['shelbyville', 'e', 1],
        ] as const) {
          const what = { actor: 'ana', action: 'settings.put.v1', target: {}, detail: {} };
          insertAuditEntry(transaction, { customerId, entryId, at: moment(second), ...what });
        }
      });
      type Scan = (listing: AuditListing) => Promise<readonly AuditEntry[]>;
      const ofAll: Scan = (listing) => listAllAuditEntries(store, listing);
      const ofOne: Scan = (listing) => listAuditEntries(store, 'springfield', listing);
      const idsOf = async (list: Scan, limit: number, period: Omit<AuditListing, 'limit'> = {}) => {
        const ids: string[] = [];
        let after: AuditEntry | undefined;
        for (;;) {
          const page = await list({ ...period, limit, ...(after === undefined ? {} : { after }) });
          ids.push(...page.map(({ entryId }) => entryId));
          after = page.at(-1);
          if (page.length < limit) return ids.join('');
        }
      };
      for (const limit of [1, 2, 100]) {
        expect(await idsOf(ofAll, limit)).toBe('dbace');
        expect(await idsOf(ofOne, limit)).toBe('dca');
        expect(await idsOf(ofAll, limit, { since: moment(5), until: moment(9) })).toBe('bac');
        expect(await idsOf(ofOne, limit, { since: moment(5), until: moment(9) })).toBe('ca');
        expect(await idsOf(ofAll, limit, { until: moment(5) })).toBe('e');
        expect(await idsOf(ofOne, limit, { until: moment(5) })).toBe('');
      }
    });

    test("a record's changes come latest first, each once, and no other record's", async () => {
      await store.transaction(async (transaction) => {
        insertChanges(
          transaction,
          [1, 2, 3, 4, 10, 11].flatMap((sequence) => [
            change({ sequence, recordId: sequence === 3 ? 'u2' : 'u1' }),
            change({ sequence, integrationId: 'second' }),
          ]),
        );
        insertChanges(transaction, [change({ sequence: 12, entityType: 'org' })]);
      });

      const sequencesOf = async (before: number | undefined, limit: number) => {
        const found = await listRecordChanges(store, { ...scope, recordId: 'u1' }, before, limit);
        return found.map(({ sequence }) => sequence);
      };
      const latest = await listLatestChanges(store, owner, 11, 3);
      expect(latest.map(({ sequence, recordId }) => [sequence, recordId])).toEqual([
        [10, 'u1'],
        [4, 'u1'],
        [3, 'u2'],
      ]);
      expect((await listLatestChanges(store, owner, undefined, 1)).map(({ sequence }) => sequence)).toEqual([
        12,
      ]);
      expect(await sequencesOf(undefined, 100)).toEqual([11, 10, 4, 2, 1]);
      expect(await sequencesOf(undefined, 2)).toEqual([11, 10]);
      expect(await sequencesOf(10, 2)).toEqual([4, 2]);
      expect(await sequencesOf(1, 2)).toEqual([]);
    });
  });
}
