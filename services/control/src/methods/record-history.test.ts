import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';

/** A box that came, was renamed by the vendor, edited by us, and whose conflict was decided: each in a run of its own, but the edit. */
async function openWithHistory(): Promise<TwoWay> {
  const stage = await openTwoWay({});
  stage.relabel('b1', { title: 'Renamed' });
  await stage.vendor.sync();
  stage.vendor.clock.skip(1_000);
  const value = { status: 'active', title: 'Ours', weight: 1 };
  await stage.control.result('records.put.v1', { ...stage.box('b1'), value });
  stage.relabel('b1', { title: 'Theirs' });
  stage.vendor.clock.skip(1_000);
  await stage.vendor.sync();
  const { conflicts } = await stage.control.result('conflicts.list.v1', { customerId: 'springfield' });
  const [{ conflictId, inputs } = {}] = conflicts as JsonObject[];
  const decisions = [{ conflictId, inputs, choice: 'theirs' }] as JsonObject[];
  await stage.control.result('conflicts.resolve.v1', { customerId: 'springfield', decisions });
  stage.vendor.clock.skip(1_000);
  await stage.vendor.sync();
  return stage;
}

async function historyOf({ control }: TwoWay, params: JsonObject) {
  const { changes, next, name, movedTo } = await control.result('records.history.v1', params);
  return { changes: changes as readonly JsonObject[], next, name, movedTo };
}

describe("a record's history", () => {
  test('tells of each change when, by which run and rule, and what it was before; latest first', async () => {
    const stage = await openWithHistory();

    const { changes, next, name, movedTo } = await historyOf(stage, stage.box('b1'));

    expect(name).toBe('Theirs');
    expect([next, movedTo]).toEqual([null, null]);
    expect(changes).toMatchObject([
      {
        action: 'update',
        run: { context: 'manual', reverts: null },
        fields: [{ pointer: '/title', before: 'Ours', after: 'Theirs', rule: 'decision' }],
      },
      { action: 'update', run: null, fields: [{ pointer: '/title', before: 'Renamed', after: 'Ours' }] },
      { action: 'update', fields: [{ pointer: '/title', before: 'Box b1', after: 'Renamed' }] },
      { action: 'create', run: { context: 'manual' } },
    ]);
    const moments = changes.map(({ changedAt }) => changedAt as string);
    expect(moments).toEqual(moments.toSorted().toReversed());
    expect(new Set(changes.map(({ runId }) => runId)).size).toBe(4);
    const { entries } = await stage.control.result('audit.list.v1', { customerId: 'springfield' });
    expect((entries as JsonObject[]).map(({ entryId }) => entryId)).toContain(changes[1]?.runId);
    expect(changes.filter((change) => 'before' in change)).toEqual([]);
  });

  test('says who edited, decided, approved, asked and took back, and why', async () => {
    const stage = await openWithHistory();
    const [decided, edited, renamed] = (await historyOf(stage, stage.box('b1'))).changes;
    const at = expect.stringMatching(/^2\d{3}-/);

    expect(edited?.by).toEqual([{ actor: 'test', did: 'edited', at: edited?.changedAt, reason: null }]);
    expect(renamed?.by).toEqual([]);
    expect(decided?.by).toEqual([{ actor: 'test', did: 'decided', at, reason: null }]);

    const { runId } = await stage.control.result('runs.revert.v1', {
      customerId: 'springfield',
      runId: decided?.runId as string,
    });
    await stage.finish(runId as string);
    const [reverted] = (await historyOf(stage, stage.box('b1'))).changes;
    expect(reverted).toMatchObject({ runId, by: [{ actor: 'test', did: 'reverted' }] });
  });

  test('shows the whole record where that is asked for, and comes a page at a time', async () => {
    const stage = await openWithHistory();
    const found: JsonObject[] = [];
    let after: number | undefined;
    do {
      const params = {
        ...stage.box('b1'),
        values: true,
        limit: 3,
        ...(after === undefined ? {} : { after }),
      };
      const page = await historyOf(stage, params);
      expect(page.changes.length).toBeLessThanOrEqual(3);
      found.push(...page.changes);
      after = (page.next as number | null) ?? undefined;
    } while (after !== undefined);

    expect(found).toMatchObject([
      { before: { title: 'Ours' }, after: { title: 'Theirs' } },
      { before: { title: 'Renamed' }, after: { title: 'Ours' } },
      { before: { title: 'Box b1' }, after: { title: 'Renamed' } },
      { before: null, after: { title: 'Box b1' } },
    ]);
  });

  test('goes on being there when the record is gone', async () => {
    const stage = await openTwoWay({});
    stage.school.boxes.delete('b1');
    await stage.vendor.sync();

    const { changes, name } = await historyOf(stage, stage.box('b1'));

    expect(changes.map(({ action }) => action)).toEqual(['delete', 'create']);
    expect(name).toBe('Box b1');
  });

  test.each([
    ['a record', { recordId: 'b9' }],
    ['an integration', { integrationId: 'none' }],
    ['a customer', { customerId: 'shelbyville' }],
    ['a record under another entity type', { entityType: 'org' }],
  ])('is not there of %s that never was', async (_name, wrong) => {
    const stage = await openTwoWay();
    const { error } = await stage.control.call('records.history.v1', { ...stage.box('b1'), ...wrong });
    expect(error?.data).toMatchObject({ code: 'not_found', ...wrong });
  });

  test.each<[JsonObject, string]>([
    [{ entityType: 'box' }, '/entityType'],
    [{ recordId: '' }, '/recordId'],
    [{ after: 0 }, '/after'],
    [{ values: 1 }, '/values'],
    [{ limit: 0 }, '/limit'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const box = { ...integration, entityType: 'category', recordId: 'b1' };
    const { error } = await stage.call('records.history.v1', { ...box, ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });
});
