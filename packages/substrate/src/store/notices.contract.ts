import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../orm/database.ts';
import { putCustomer } from './customers.ts';
import {
  deleteReportedTrouble,
  listNotices,
  listUnsentNotices,
  type Notice,
  putNotice,
  putReportedTrouble,
  readNotice,
  readReportedTrouble,
  readReportedTroubles,
} from './notices.ts';
import { listNotifications, putNotifications, readNotifications } from './notifications.ts';
import type { StoreSchema } from './schema.ts';

/** What mails that are to be sent promise on any database; it is empty and has the store's tables. */
export function describeNotices(
  adapter: string,
  open: () => Promise<{ readonly store: Database<StoreSchema>; readonly close: () => Promise<void> }>,
): void {
  describe(`notices on ${adapter}`, () => {
    let stage: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      stage = await open();
      await stage.store.transaction(async (transaction) => {
        for (const customerId of ['a', 'b'])
          putCustomer(transaction, { customerId, name: customerId, timeZone: 'UTC' }, true);
      });
    });
    afterAll(() => stage.close());

    test('that wait are found by customer and time, page by page, and those that are sent only in what was', async () => {
      const { store } = stage;
      const all = [
        notice('a', 'n1', 1, moment(9)),
        notice('a', 'n2', 2, null),
        notice('a', 'n3', 3, moment(4)),
        notice('b', 'n1', 4, moment(1)),
      ];
      await store.transaction(async (transaction) => {
        for (const one of all) putNotice(transaction, one);
      });
      const ids = (found: readonly Notice[]) =>
        found.map(({ customerId, noticeId }) => `${customerId} ${noticeId}`);

      const [first] = await listUnsentNotices(store, { limit: 1 });
      expect(ids(await listUnsentNotices(store, { limit: 9 }))).toEqual(['a n3', 'a n1', 'b n1']);
      expect(ids(await listUnsentNotices(store, { limit: 9, ...(first && { after: first }) }))).toEqual([
        'a n1',
        'b n1',
      ]);
      expect(ids(await listUnsentNotices(store, { customerId: 'a', limit: 9 }))).toEqual(['a n3', 'a n1']);
      expect(ids(await listNotices(store, 'a', 2))).toEqual(['a n3', 'a n2']);
      expect(await readNotice(store, 'a', 'n1')).toEqual(all[0]);
      expect(await readNotice(store, 'b', 'n2')).toBeUndefined();
    });

    test('follow who is told what, which is kept customer by customer', async () => {
      const { store } = stage;
      const row = {
        customerId: 'a',
        recipients: [{ address: 'ana@district.example', mode: 'digest' }],
        digestAt: '07:00',
        version: 1,
        digestedUntil: moment(0),
      } as const;
      await store.transaction(async (transaction) => {
        putNotifications(transaction, row);
        putNotifications(transaction, { ...row, customerId: 'b', recipients: [] });
      });
      await store.transaction(async (transaction) =>
        putNotifications(transaction, { ...row, digestAt: '06:30' }),
      );

      expect(await readNotifications(store, 'a')).toEqual({ ...row, digestAt: '06:30' });
      expect((await listNotifications(store, 'a', 9)).map(({ customerId }) => customerId)).toEqual(['b']);
      expect(await listNotifications(store, undefined, 9)).toHaveLength(2);
    });

    test('remember the trouble of each integration until it is over', async () => {
      const { store } = stage;
      const trouble = {
        customerId: 'a',
        integrationId: 'first',
        digest: 'd',
        entityTypes: ['user'],
        since: moment(1),
        toldAt: moment(2),
        times: 2,
      };
      await store.transaction(async (transaction) => {
        putReportedTrouble(transaction, trouble);
        putReportedTrouble(transaction, { ...trouble, integrationId: 'second' });
      });
      expect(await readReportedTrouble(store, 'a', 'first')).toEqual(trouble);
      await store.transaction(async (transaction) =>
        deleteReportedTrouble(transaction, { customerId: 'a', integrationId: 'second' }),
      );

      const found = await readReportedTroubles(store, 'a', ['first', 'second', 'third']);
      expect([...found.keys()]).toEqual(['first']);
      expect(await readReportedTrouble(store, 'b', 'first')).toBeUndefined();
    });
  });
}

function notice(customerId: string, noticeId: string, createdAt: number, dueAt: string | null): Notice {
  return {
    customerId,
    noticeId,
    kind: 'problems',
    items: [{ kind: 'again', integrationId: 'first', runId: 'r', since: moment(0), times: 2 }],
    since: moment(0),
    until: moment(1),
    deliveries: [
      {
        address: 'ana@district.example',
        state: 'waiting',
        at: moment(2),
        failure: { code: 'unavailable', message: 'The mail server does not answer', data: { problem: 'x' } },
      },
    ],
    attempts: 1,
    dueAt,
    claimedUntil: null,
    createdAt: moment(createdAt),
    expiresAt: '2099-01-01T00:00:00.000Z',
  };
}

function moment(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}
