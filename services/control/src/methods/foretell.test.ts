import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';
import { category, customer, listConflicts, openConflicting, seen } from './conflicting.fixture.ts';

/** One box of which both sides have changed the title and the weight. */
async function openTwiceConflicting(): Promise<TwoWay> {
  const stage = await openTwoWay();
  await stage.vendor.edit('category', 'b1', category('Ours', 7));
  stage.relabel('b1', { title: 'Theirs', weight: 9 });
  await stage.vendor.sync();
  return stage;
}

const tryOut = ({ control }: TwoWay, decisions: JsonObject[], rest: JsonObject = {}) =>
  control.result('conflicts.resolve.v1', { ...customer, decisions, dryRun: true, ...rest });

describe('a decision that is tried out', () => {
  test('says what would become of either side, and decides nothing', async () => {
    const stage = await openConflicting();
    const [conflict = {}] = await listConflicts(stage);
    const audit = await stage.control.result('audit.list.v1', customer);

    const answer = await tryOut(stage, [{ ...seen(conflict), choice: 'theirs' }], { apply: true });

    expect(answer).toEqual({
      conflicts: [conflict],
      foretold: [
        {
          conflictId: conflict.conflictId,
          ours: { outcome: 'changes', before: 'Ours b1', after: 'Theirs b1', kept: null },
          theirs: { outcome: 'stays', before: 'Theirs b1', after: 'Theirs b1', kept: null },
          waitsFor: 0,
        },
      ],
      runIds: [],
    });
    expect(await listConflicts(stage)).toEqual([conflict]);
    expect(await stage.control.result('audit.list.v1', customer)).toEqual(audit);
  });

  test('foretells the same as when it is made, and as comes of it', async () => {
    const stage = await openConflicting();
    const [conflict = {}] = await listConflicts(stage);
    const decisions = [{ ...seen(conflict), choice: { value: 'Box 1' } }];
    const { foretold } = await tryOut(stage, decisions);

    const made = await stage.control.result('conflicts.resolve.v1', { ...customer, decisions });
    await stage.vendor.sync();

    expect(made.foretold).toEqual(foretold);
    expect(foretold).toMatchObject([{ ours: { after: 'Box 1' }, theirs: { after: 'Box 1' } }]);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Box 1' });
    expect(await stage.control.result('records.get.v1', stage.box('b1'))).toMatchObject({
      ours: { title: 'Box 1' },
    });
  });

  test('names the setting that keeps the vendor as it is', async () => {
    const stage = await openConflicting();
    const [conflict = {}] = await listConflicts(stage);
    await stage.control.result('settings.put.v1', { ...integration, settings: {} });

    expect(await tryOut(stage, [{ ...seen(conflict), choice: 'ours' }])).toMatchObject({
      foretold: [
        {
          theirs: {
            outcome: 'stays',
            after: 'Theirs b1',
            kept: { setting: '/writeBack', message: 'category is not written back' },
          },
        },
      ],
    });
  });

  test('says how many other conflicts of the record hold it all the same', async () => {
    const stage = await openTwiceConflicting();
    const [title = {}, weight = {}] = await listConflicts(stage);
    const first = { ...seen(title), choice: 'ours' };
    const second = { ...seen(weight), choice: 'theirs' };

    expect(await tryOut(stage, [first])).toMatchObject({ foretold: [{ waitsFor: 1 }] });
    expect(await tryOut(stage, [first, second])).toMatchObject({
      foretold: [{ waitsFor: 0 }, { waitsFor: 0 }],
    });
    await stage.control.result('conflicts.resolve.v1', { ...customer, decisions: [second] });
    expect(await tryOut(stage, [first])).toMatchObject({ foretold: [{ waitsFor: 0 }] });
  });

  test.each([
    ['that was not seen', { inputs: 'others', choice: 'ours' }, { code: 'stale_version' }],
    [
      'by an unsound value',
      { choice: { value: 7 } },
      { code: 'invalid_params', issues: [{ pointer: '/decisions/0/choice/value' }] },
    ],
  ])('is refused as it would be when it is made: one %s', async (_name, decision, refusal) => {
    const stage = await openConflicting();
    const [conflict = {}] = await listConflicts(stage);
    const decisions = [{ ...seen(conflict), ...decision }];
    for (const dryRun of [true, false]) {
      const { error } = await stage.control.call('conflicts.resolve.v1', { ...customer, decisions, dryRun });
      expect(error?.data).toMatchObject(refusal);
    }
  });
});

describe('the conflicts of a run', () => {
  test('are those that it found first, whatever has become of them since', async () => {
    const stage = await openConflicting(['b1', 'b2']);
    const [first = {}] = await listConflicts(stage);
    await stage.vendor.edit('category', 'b3', category('Ours b3'));
    stage.relabel('b3', { title: 'Theirs b3' });
    await stage.vendor.sync();
    const idsOf = async (filter: JsonObject) =>
      (await listConflicts(stage, filter)).map(({ recordId }) => recordId);
    const runId = first.foundBy as string;
    const later = (await listConflicts(stage)).find(({ recordId }) => recordId === 'b3')?.foundBy as string;

    expect(await idsOf({ runId })).toEqual(['b1', 'b2']);
    expect(await idsOf({ runId: later })).toEqual(['b3']);
    expect(await idsOf({ runId, entityType: 'category', recordId: 'b2' })).toEqual(['b2']);
    expect(await idsOf({ runId, integrationId: 'first', state: 'open' })).toEqual(['b1', 'b2']);
    expect(await idsOf({ runId, after: first.conflictId as string })).toEqual(['b2']);
    const decisions = [{ ...seen(first), choice: 'ours' }];
    await stage.control.result('conflicts.resolve.v1', { ...customer, decisions });
    await stage.vendor.sync();
    expect(await idsOf({ runId })).toEqual(['b2']);
    expect(await idsOf({ runId, state: 'resolved' })).toEqual(['b1']);
    const after = first.conflictId as string;
    for (const wrong of [{ runId: later, after }, { runId: crypto.randomUUID() }]) {
      const { error } = await stage.control.call('conflicts.list.v1', { ...customer, ...wrong });
      expect(error?.data.code).toBe('not_found');
    }
  });
});
