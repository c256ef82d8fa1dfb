import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { putConflicts, readConflict } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import { integration, openTwoWay } from '../two-way.fixture.ts';
import {
  category,
  customer,
  firstConflict,
  listConflicts,
  openConflicting,
  seen,
} from './conflicting.fixture.ts';

describe('conflicts.list', () => {
  test('shows both sides and base, why it was left to a person, and what a decision must name', async () => {
    const stage = await openConflicting();

    expect(await listConflicts(stage)).toEqual([
      {
        conflictId: expect.any(String),
        integrationId: 'first',
        entityType: 'category',
        recordId: 'b1',
        name: 'Ours b1',
        pointer: '/title',
        kind: 'modify/modify',
        sides: { base: 'Box b1', ours: 'Ours b1', theirs: 'Theirs b1' },
        inputs: expect.stringMatching(/./),
        rule: 'manual (default)',
        state: 'open',
        decision: null,
        foundBy: expect.any(String),
        foundAt: expect.any(String),
        endedBy: null,
        endedAt: null,
        version: 1,
      },
    ]);
  });

  test('shows each once, a page at a time, of all integrations or of one, an entity type or a record', async () => {
    const stage = await openConflicting(['b1', 'b2', 'b3']);
    const filters: readonly JsonObject[] = [
      {},
      { integrationId: 'first' },
      { integrationId: 'first', entityType: 'category' },
      { integrationId: 'first', entityType: 'category', state: 'open' },
    ];
    for (const filter of filters) {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await stage.control.result('conflicts.list.v1', {
          ...customer,
          ...filter,
          limit: 2,
          ...(after === undefined ? {} : { after }),
        });
        found.push(...(page.conflicts as JsonObject[]).map(({ recordId }) => recordId as string));
        after = (page.next as string | null) ?? undefined;
      } while (after !== undefined);
      expect(
        found.toSorted((a, b) => a.localeCompare(b)),
        JSON.stringify(filter),
      ).toEqual(['b1', 'b2', 'b3']);
    }
    const one = { integrationId: 'first', entityType: 'category', recordId: 'b2' };
    expect(await listConflicts(stage, one)).toMatchObject([{ recordId: 'b2' }]);
    expect(await listConflicts(stage, { integrationId: 'first', entityType: 'org' })).toEqual([]);
  });

  test('goes on after a conflict that was ended between two pages', async () => {
    const stage = await openConflicting(['b1', 'b2', 'b3']);
    for (const filter of [{}, { integrationId: 'first' }]) {
      const all = await listConflicts(stage, filter);
      const { store } = stage.control;
      const first = await readConflict(store, 'springfield', all[0]?.conflictId as string);
      await store.transaction(async (transaction) =>
        putConflicts(transaction, [{ ...first, state: 'obsolete', openSince: null }]),
      );

      const rest = await listConflicts(stage, { ...filter, after: first.conflictId });

      expect(rest.map(({ conflictId }) => conflictId)).toEqual(
        all.slice(1).map(({ conflictId }) => conflictId),
      );
      await store.transaction(async (transaction) => putConflicts(transaction, [first]));
    }
  });

  test('tells what is decided from what is open, and shows what is ended where it is asked for', async () => {
    const stage = await openConflicting(['b1', 'b2']);
    const [first] = await listConflicts(stage);
    await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions: [{ ...seen(first as JsonObject), choice: 'ours' }],
    });

    const idsOf = async (filter: JsonObject) =>
      (await listConflicts(stage, filter)).map(({ recordId }) => recordId);
    expect(await idsOf({ state: 'decided' })).toEqual([first?.recordId]);
    expect(await idsOf({ state: 'open' })).not.toContain(first?.recordId);
    expect(await idsOf({})).toHaveLength(2);

    await stage.vendor.sync();
    expect(await idsOf({ state: 'decided' })).toEqual([]);
    expect(await idsOf({ state: 'resolved', integrationId: 'first' })).toEqual([first?.recordId]);
    expect(await idsOf({})).toHaveLength(1);
  });

  test('counts a conflict on that comes again in the very same way, so that who saw the first is told', async () => {
    const stage = await openConflicting();
    const first = await firstConflict(stage);
    const decide = (version: number) =>
      stage.control.call('conflicts.resolve.v1', {
        ...customer,
        decisions: [{ ...seen(first), choice: 'theirs', ifVersion: version }],
      });
    await decide(1);
    await stage.vendor.sync();
    stage.relabel('b1', { title: 'Box b1' });
    await stage.vendor.sync();
    await stage.vendor.edit('category', 'b1', category('Ours b1'));
    stage.relabel('b1', { title: 'Theirs b1' });

    await stage.vendor.sync();

    expect(await firstConflict(stage)).toMatchObject({ ...seen(first), state: 'open', version: 4 });
    expect((await decide(1)).error?.data).toMatchObject({ code: 'stale_version' });
  });

  test.each<[JsonObject, string]>([
    [{ recordId: 'b1' }, '/entityType'],
    [{ entityType: 'category' }, '/integrationId'],
    [{ state: 'resolved' }, '/integrationId'],
    [{ state: 'ended' }, '/state'],
    [{ limit: 0 }, '/limit'],
    [{ after: '' }, '/after'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const { error } = await stage.call('conflicts.list.v1', { ...customer, ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('does not know an integration that is not there, nor a conflict of another filter to go on after', async () => {
    const stage = await openConflicting();
    const { conflictId } = await firstConflict(stage);
    for (const wrong of [
      { integrationId: 'none' },
      { after: 'none' },
      { after: conflictId as string, integrationId: 'first', entityType: 'org' },
    ]) {
      const { error } = await stage.control.call('conflicts.list.v1', { ...customer, ...wrong });
      expect(error?.data).toMatchObject({ code: 'not_found' });
    }
  });
});

describe('a decision', () => {
  test.each<[string, JsonObject['choice'], string]>([
    ['for ours', 'ours', 'Ours b1'],
    ['for theirs', 'theirs', 'Theirs b1'],
    ['for a value of its own', { value: 'Both' }, 'Both'],
  ])('%s is followed by the next run, on both sides', async (_name, choice, title) => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);

    const { conflicts, runIds } = await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions: [{ ...seen(conflict), choice: choice as JsonObject }],
      reason: 'as the principal says',
    });

    expect(runIds).toEqual([]);
    expect(conflicts).toMatchObject([
      {
        state: 'decided',
        version: 2,
        decision: { choice, reason: 'as the principal says', decidedBy: 'test' },
      },
    ]);
    await stage.vendor.sync();
    expect(stage.school.boxes.get('b1')).toMatchObject({ title });
    expect(await stage.control.result('records.get.v1', stage.box('b1'))).toMatchObject({
      ours: { title },
      base: { title },
      openConflicts: 0,
      editedAt: null,
    });
    expect(await listConflicts(stage)).toEqual([]);
  });

  test('is followed at once by a realtime run where it is to be applied, one for all records of an entity type', async () => {
    const stage = await openConflicting(['b1', 'b2']);
    const all = await listConflicts(stage);

    const { runIds } = await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions: all.map((conflict) => ({ ...seen(conflict), choice: 'ours' })),
      apply: true,
    });

    expect(runIds).toHaveLength(1);
    const [runId] = runIds as readonly string[];
    await stage.finish(runId as string);
    expect(await stage.control.result('runs.get.v1', { ...customer, runId: runId as string })).toMatchObject({
      state: 'succeeded',
      context: 'realtime',
      method: 'conflicts.resolve.v1',
      recordIds: ['b1', 'b2'],
    });
    expect([...stage.school.boxes.values()].map(({ title }) => title)).toEqual([
      'Ours b1',
      'Ours b2',
      'Box b3',
    ]);
    expect(await listConflicts(stage)).toEqual([]);
  });

  test('joins the run of an edit that waits already', async () => {
    const stage = await openConflicting();
    const value = category('New b2');
    const { runId } = await stage.control.result('records.put.v1', { ...stage.box('b2'), value });
    const decisions = [{ ...seen(await firstConflict(stage)), choice: 'theirs' }];

    const { runIds } = await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions,
      apply: true,
    });

    expect(runIds).toEqual([runId]);
    await stage.finish(runId as string);
    expect([...stage.school.boxes.values()].map(({ title }) => title)).toEqual([
      'Theirs b1',
      'New b2',
      'Box b3',
    ]);
  });

  test('to be applied at once waits for the next whole run where the vendor shows no single records', async () => {
    const stage = await openTwoWay();
    await stage.vendor.edit('org', 's1', { status: 'active', name: 'Ours', type: 'school' });
    stage.school.shelves.set('s1', { id: 's1', name: 'Theirs' });
    await stage.vendor.sync();
    const decisions = [{ ...seen(await firstConflict(stage)), choice: 'theirs' }];

    const { runIds } = await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions,
      apply: true,
    });
    const [runId] = runIds as readonly string[];
    await stage.finish(runId as string);

    expect(await stage.control.result('runs.get.v1', { ...customer, runId: runId as string })).toMatchObject({
      state: 'failed',
      failure: { code: 'invalid_params', message: 'The vendor shows no single record of this entity type' },
    });
    expect(await listConflicts(stage)).toMatchObject([{ state: 'decided' }]);
    await stage.vendor.sync({ context: 'nightly' });
    expect(await listConflicts(stage)).toEqual([]);
  });

  test('about a record that one side deleted takes absence for an answer', async () => {
    const stage = await openTwoWay();
    await stage.vendor.edit('category', 'b1', category('Ours b1'));
    stage.school.boxes.delete('b1');
    await stage.vendor.sync();
    const conflict = await firstConflict(stage);
    expect(conflict).toMatchObject({
      pointer: '',
      kind: 'delete/modify',
      sides: { ours: { title: 'Ours b1' } },
    });
    expect('theirs' in (conflict.sides as JsonObject)).toBe(false);

    await stage.control.result('conflicts.resolve.v1', {
      ...customer,
      decisions: [{ ...seen(conflict), choice: 'theirs' }],
    });
    await stage.vendor.sync();

    expect((await stage.control.call('records.get.v1', stage.box('b1'))).error?.data.code).toBe('not_found');
  });

  test('may be made anew until a merge has followed it, and not after', async () => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);
    const decide = (choice: string, more: JsonObject = {}) =>
      stage.control.call('conflicts.resolve.v1', {
        ...customer,
        decisions: [{ ...seen(conflict), choice, ...more }],
      });

    await decide('theirs');
    expect((await decide('ours')).result).toMatchObject({
      conflicts: [{ version: 3, decision: { choice: 'ours' } }],
    });
    await stage.vendor.sync();
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Ours b1' });

    expect((await decide('theirs')).error?.data).toMatchObject({
      code: 'stale_version',
      conflicts: [{ conflictId: conflict.conflictId, state: 'resolved' }],
    });
  });

  test('does not replace that of somebody else where it names the version that it saw', async () => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);
    const decide = (choice: string) =>
      stage.control.call('conflicts.resolve.v1', {
        ...customer,
        decisions: [{ ...seen(conflict), choice, ifVersion: 1 }],
      });

    const answers = await Promise.all([decide('ours'), decide('theirs')]);

    expect(answers.filter(({ result }) => result !== undefined)).toHaveLength(1);
    expect(answers.find(({ error }) => error)?.error?.data).toMatchObject({
      code: 'stale_version',
      conflicts: [{ state: 'decided', version: 2 }],
    });
  });

  test('on other inputs than there are is refused with all that came with it', async () => {
    const stage = await openConflicting(['b1', 'b2']);
    const [first, second] = (await listConflicts(stage)) as readonly [JsonObject, JsonObject];

    const { error } = await stage.control.call('conflicts.resolve.v1', {
      ...customer,
      decisions: [
        { ...seen(first), choice: 'ours' },
        { ...seen(second), inputs: first.inputs as string, choice: 'ours' },
      ],
    });

    expect(error?.data).toMatchObject({
      code: 'stale_version',
      conflicts: [{ conflictId: second.conflictId, state: 'open', inputs: second.inputs, version: 1 }],
    });
    expect(await listConflicts(stage, { state: 'decided' })).toEqual([]);
  });

  test('is void where the vendor changes the field before the merge: the conflict is found anew', async () => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);
    const decisions = [{ ...seen(conflict), choice: 'ours' }];
    await stage.control.result('conflicts.resolve.v1', { ...customer, decisions });
    stage.relabel('b1', { title: 'Theirs once more' });

    await stage.vendor.sync();

    const found = await firstConflict(stage);
    expect(found).toMatchObject({ state: 'open', sides: { ours: 'Ours b1', theirs: 'Theirs once more' } });
    expect(found.conflictId).not.toBe(conflict.conflictId);
    const { error } = await stage.control.call('conflicts.resolve.v1', { ...customer, decisions });
    expect(error?.data).toMatchObject({ code: 'stale_version', conflicts: [{ state: 'obsolete' }] });
  });

  test('is in the audit trail, with the one that it replaced', async () => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);
    for (const [choice, reason] of [
      ['theirs', 'at first'],
      ['ours', 'on reflection'],
    ] as const) {
      const decisions = [{ ...seen(conflict), choice }];
      await stage.control.result('conflicts.resolve.v1', { ...customer, decisions, reason });
      stage.vendor.clock.skip(1);
    }

    const { entries } = await stage.control.result('audit.list.v1', { ...customer, limit: 2 });
    const target = {
      integrationId: 'first',
      entityType: 'category',
      recordId: 'b1',
      conflictId: conflict.conflictId,
    };
    expect(entries).toMatchObject([
      {
        target,
        detail: { pointer: '/title', choice: 'ours', reason: 'on reflection', before: { choice: 'theirs' } },
      },
      { target, detail: { pointer: '/title', choice: 'theirs', reason: 'at first' } },
    ]);
  });
});

describe('a decision that is not sound', () => {
  test.each<[string, JsonObject['choice'], string, string]>([
    ['a value that its record cannot have', { value: 7 }, '/decisions/0/choice/value', '/title: '],
    ['a value that is no text', { value: null }, '/decisions/0/choice/value', '/title: '],
    ['half of a character', { value: '\ud83d' }, '/decisions/0/choice/value', ''],
    ['no choice', 'left out', '/decisions/0/choice', '"ours", "theirs"'],
    ['a side that there is not', 'base', '/decisions/0/choice', '"ours", "theirs"'],
    ['an empty object', {}, '/decisions/0/choice', '"ours", "theirs"'],
    ['a value and more', { value: 'x', reason: 'y' }, '/decisions/0/choice/reason', 'no such parameter'],
  ])('for %s is refused at its place, and nothing is decided', async (_name, choice, pointer, words) => {
    const stage = await openConflicting();
    const conflict = await firstConflict(stage);

    const { error } = await stage.control.call('conflicts.resolve.v1', {
      ...customer,
      decisions: [{ ...seen(conflict), ...(choice === 'left out' ? {} : { choice: choice as JsonObject }) }],
    });

    expect(error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer, message: expect.stringContaining(words) }],
    });
    expect(await listConflicts(stage, { state: 'decided' })).toEqual([]);
  });

  test('for a whole record must be an object, and a sound one', async () => {
    const stage = await openTwoWay();
    await stage.vendor.edit('category', 'b1', category('Ours b1'));
    stage.school.boxes.delete('b1');
    await stage.vendor.sync();
    const conflict = await firstConflict(stage);
    const decide = (value: JsonObject | string | null) =>
      stage.control.call('conflicts.resolve.v1', {
        ...customer,
        decisions: [{ ...seen(conflict), choice: { value } }],
      });

    for (const value of [null, 'text', { title: 'no status' }, { ...category('x'), titel: 'y' }]) {
      expect((await decide(value)).error?.data, JSON.stringify(value)).toMatchObject({
        code: 'invalid_params',
        issues: [{ pointer: '/decisions/0/choice/value' }],
      });
    }
    expect((await decide(category('Kept'))).error).toBeUndefined();
    await stage.vendor.sync();
    expect(await listConflicts(stage)).toEqual([]);
    const { records } = await stage.control.result('records.list.v1', {
      ...integration,
      entityType: 'category',
      values: true,
    });
    expect((records as JsonObject[]).map(({ ours }) => (ours as JsonObject).title)).toContain('Kept');
  });

  test.each<[string, JsonObject, string]>([
    ['no decisions', { decisions: [] }, '/decisions'],
    [
      'too many',
      {
        decisions: Array.from({ length: 101 }, (_, n) => ({
          conflictId: `${n}`,
          inputs: 'x',
          choice: 'ours',
        })),
      },
      '/decisions',
    ],
    [
      'one twice',
      {
        decisions: [1, 2].map(() => ({ conflictId: 'x', inputs: 'x', choice: 'ours' })),
      },
      '/decisions/1/conflictId',
    ],
    [
      'an empty reason',
      { decisions: [{ conflictId: 'x', inputs: 'x', choice: 'ours' }], reason: '' },
      '/reason',
    ],
  ])('with %s is refused', async (_name, params, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const { error } = await stage.call('conflicts.resolve.v1', { ...customer, ...params });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('about a conflict that is not there is not known', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const decisions = [{ conflictId: 'none', inputs: 'x', choice: 'ours' }];
    const { error } = await stage.call('conflicts.resolve.v1', { ...customer, decisions });
    expect(error?.data).toMatchObject({ code: 'not_found', conflictId: 'none' });
  });
});
