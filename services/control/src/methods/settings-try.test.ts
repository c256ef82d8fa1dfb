import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';
import { category, customer, listConflicts, openConflicting, seen } from './conflicting.fixture.ts';

const writeBack = ['category'];

const onTitles = (strategy: string): JsonObject => ({ writeBack, merge: { fields: { '/title': strategy } } });

function tryOut({ control }: TwoWay, settings: JsonObject, rest: JsonObject = {}) {
  const params = { ...integration, entityType: 'category', settings, ...rest };
  return control.result('settings.try.v1', params);
}

describe('settings that are tried', () => {
  test('show what becomes of conflicts, beside what the stored ones do, and change nothing', async () => {
    const stage = await openConflicting(['b1', 'b2']);
    const conflicts = await listConflicts(stage);
    const stored = await stage.control.result('settings.get.v1', integration);

    const answer = await tryOut(stage, onTitles('resolveTheirs'));

    expect(answer).toMatchObject({ sampled: 2, differing: 2, held: { stored: 2, tried: 0 }, missing: [] });
    expect((answer.records as JsonObject[])[0]).toEqual({
      recordId: 'b1',
      origin: { kind: 'conflict', at: conflicts[0]?.foundAt, runId: conflicts[0]?.foundBy },
      isHeld: { stored: true, tried: false },
      differs: true,
      fields: [
        {
          pointer: '/title',
          base: 'Box b1',
          ours: 'Ours b1',
          theirs: 'Theirs b1',
          stored: { outcome: 'conflict', rule: 'manual (default)', writes: [] },
          tried: {
            outcome: 'decided',
            rule: 'resolveTheirs (field /title)',
            value: 'Theirs b1',
            writes: ['ours'],
          },
          differs: true,
        },
      ],
      fieldsOmitted: 0,
    });
    expect(await listConflicts(stage)).toEqual(conflicts);
    expect(await stage.control.result('settings.get.v1', integration)).toEqual(stored);
  });

  test('foretell what a run does once they are saved', async () => {
    const stage = await openConflicting();
    const settings = onTitles('resolveOurs');
    expect(await tryOut(stage, settings)).toMatchObject({
      records: [{ fields: [{ tried: { value: 'Ours b1', writes: ['theirs'] } }] }],
    });

    await stage.control.result('settings.put.v1', { ...integration, settings });
    await stage.vendor.sync();

    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Ours b1' });
    expect(await listConflicts(stage)).toEqual([]);
    expect(await tryOut(stage, settings)).toMatchObject({ differing: 0 });
  });

  test('that say the same as the stored ones come out the same, by whatever rule', async () => {
    const stage = await openConflicting();
    expect(await tryOut(stage, onTitles('manual'))).toMatchObject({
      sampled: 1,
      differing: 0,
      held: { stored: 1, tried: 1 },
      records: [{ differs: false, fields: [{ tried: { rule: 'manual (field /title)' }, differs: false }] }],
    });
  });

  test('show what becomes of edits of ours that go nowhere until they are written back', async () => {
    const stage = await openTwoWay({});
    await stage.vendor.edit('category', 'b1', category('Ours'));

    expect(await tryOut(stage, { writeBack })).toMatchObject({
      sampled: 1,
      differing: 1,
      records: [
        {
          recordId: 'b1',
          origin: { kind: 'edited', runId: null },
          fields: [
            {
              pointer: '/title',
              base: 'Box b1',
              ours: 'Ours',
              theirs: 'Box b1',
              stored: { outcome: 'decided', rule: 'ours changed', value: 'Ours', writes: [] },
              tried: { outcome: 'decided', value: 'Ours', writes: ['theirs'] },
            },
          ],
        },
      ],
      remarks: [{ pointer: '/writeBack' }],
    });
    expect(await tryOut(stage, { merge: { default: 'alwaysTheirs' } })).toMatchObject({
      records: [{ fields: [{ tried: { value: 'Box b1', writes: ['ours'] } }] }],
    });
  });

  test('merge once more what runs have lately changed, the latest first, and no edit', async () => {
    const stage = await openTwoWay();
    stage.relabel('b1', { title: 'Once' });
    await stage.vendor.sync();
    stage.relabel('b1', { title: 'Twice' });
    stage.relabel('b2', { title: 'Renamed' });
    await stage.vendor.sync();
    await stage.vendor.edit('category', 'b3', category('Ours'));
    await stage.vendor.sync();

    const settings = onTitles('alwaysOurs');
    const { records, sampled } = await tryOut(stage, settings);
    expect(sampled).toBe(2);
    const byId = new Map((records as JsonObject[]).map((record) => [record.recordId, record]));
    expect(byId.get('b1')).toMatchObject({
      origin: { kind: 'change' },
      fields: [
        {
          base: 'Once',
          theirs: 'Twice',
          stored: { rule: 'theirs changed', value: 'Twice', writes: ['ours'] },
          tried: { rule: 'alwaysOurs (field /title)', value: 'Once', writes: ['theirs'] },
        },
      ],
    });
    expect(new Set(byId.keys())).toEqual(new Set(['b1', 'b2']));
    expect(await tryOut(stage, settings, { sample: 1 })).toMatchObject({ sampled: 1 });
    const volatile = { writeBack, merge: { volatile: ['/title'] } };
    expect(await tryOut(stage, volatile)).toMatchObject({
      differing: 2,
      records: [{ fields: [{ tried: { outcome: 'unseen', rule: null, writes: [] } }] }, {}],
    });
  });

  test('say of a field that a rule decided between both sides that it would have been left to a person', async () => {
    const stage = await openTwoWay(onTitles('resolveTheirs'));
    await stage.vendor.edit('category', 'b1', category('Ours'));
    stage.relabel('b1', { title: 'Theirs' });
    await stage.vendor.sync();

    expect(await tryOut(stage, { writeBack })).toMatchObject({
      differing: 1,
      held: { stored: 0, tried: 1 },
      records: [
        {
          origin: { kind: 'change' },
          fields: [{ stored: { value: 'Theirs', writes: ['ours'] }, tried: { outcome: 'conflict' } }],
        },
      ],
    });
  });

  test('are tried on the records that are named, and say which there are not', async () => {
    const stage = await openConflicting(['b1']);
    const recordIds = ['b2', 'b1', 'b9', 'b1'];

    const { records, missing } = await tryOut(stage, onTitles('resolveOurs'), { recordIds });

    expect(missing).toEqual(['b9']);
    expect((records as JsonObject[]).map(({ recordId, differs }) => [recordId, differs])).toEqual([
      ['b1', true],
      ['b2', false],
    ]);
    expect((records as JsonObject[])[1]).toMatchObject({ origin: { kind: 'inStep' }, fields: [] });
  });

  test('follow what a person has decided already, whatever they say themselves', async () => {
    const stage = await openConflicting();
    const [conflict = {}] = await listConflicts(stage);
    const decisions = [{ ...seen(conflict), choice: { value: 'Decided' } }];
    await stage.control.result('conflicts.resolve.v1', { ...customer, decisions });

    expect(await tryOut(stage, onTitles('manual'))).toMatchObject({
      differing: 0,
      held: { stored: 0, tried: 0 },
      records: [{ fields: [{ tried: { rule: 'decision', value: 'Decided', writes: ['ours', 'theirs'] } }] }],
    });
  });

  test('show what waits with a conflict, and is written once nothing does', async () => {
    const stage = await openTwoWay();
    await stage.vendor.edit('category', 'b1', category('Ours', 7));
    stage.relabel('b1', { title: 'Theirs' });
    await stage.vendor.sync();

    expect(await tryOut(stage, onTitles('resolveTheirs'))).toMatchObject({
      records: [
        {
          fields: [
            { pointer: '/title', stored: { outcome: 'conflict' } },
            {
              pointer: '/weight',
              stored: { outcome: 'decided', value: 7, writes: [] },
              tried: { outcome: 'decided', value: 7, writes: ['theirs'] },
              differs: true,
            },
          ],
        },
      ],
    });
  });

  test('that do not sync the entity type see nothing in it', async () => {
    const stage = await openConflicting();
    expect(await tryOut(stage, { disabledEntityTypes: ['category'] })).toMatchObject({
      differing: 1,
      records: [{ isHeld: { stored: true, tried: false }, fields: [{ tried: { outcome: 'unseen' } }] }],
    });
  });

  test.each<[JsonObject, string]>([
    [{ settings: { merge: { default: 'manuel' } } }, '/settings/merge/default'],
    [{ entityType: 'box' }, '/entityType'],
    [{ recordIds: [] }, '/recordIds'],
    [{ sample: 0 }, '/sample'],
  ])('are refused where they are not sound: %j', async (wrong, pointer) => {
    const stage = await openTwoWay();
    const params = { ...integration, entityType: 'category', settings: {}, ...wrong };
    const { error } = await stage.control.call('settings.try.v1', params);
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });
});
