import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl } from '../control.fixture.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';

const customer = { customerId: 'springfield' };

/** A dry run over an edit of ours, one of theirs, a box that came, one that went, a shelf that came, and a conflict. */
async function openDryRun(): Promise<{ readonly stage: TwoWay; readonly runId: string }> {
  const stage = await openTwoWay();
  await stage.vendor.edit('category', 'b1', { status: 'active', title: 'Ours b1', weight: 1 });
  await stage.vendor.edit('category', 'b2', { status: 'active', title: 'Ours b2', weight: 1 });
  stage.relabel('b2', { title: 'Theirs b2' });
  stage.school.boxes.delete('b3');
  stage.relabel('b4', { title: 'Box b4' });
  stage.school.shelves.set('s2', { id: 's2', name: 'Elm' });
  const { run } = await stage.vendor.sync({ isDryRun: true });
  return { stage, runId: run.runId };
}

async function planned({ control }: TwoWay, runId: string, filter: JsonObject = {}) {
  const { records } = await control.result('runs.plan.v1', { ...customer, runId, ...filter });
  return (records as JsonObject[]).map(({ recordId }) => recordId);
}

describe('the plan of a run', () => {
  test.each([
    ['b1', ['b1']],
    ['BOX B1', ['b1']],
    ['theirs', ['b2']],
    ['/title b4', []],
    ['box', ['b1', 'b2', 'b3', 'b4']],
    ['elm', ['s2']],
    ['nowhere', []],
    ['   ', ['b1', 'b2', 'b3', 'b4', 's2']],
  ])('is searched for %j, a record at a time too', async (search, expected) => {
    const { stage, runId } = await openDryRun();
    expect(await planned(stage, runId, { search })).toEqual(expected);
    const found: unknown[] = [];
    let after: JsonObject | null = null;
    do {
      const params: JsonObject = {
        ...customer,
        runId,
        search,
        limit: 1,
        ...(after === null ? {} : { after }),
      };
      const page = await stage.control.result('runs.plan.v1', params);
      found.push(...(page.records as JsonObject[]).map(({ recordId }) => recordId));
      after = page.next as JsonObject | null;
    } while (after !== null);
    expect(found).toEqual(expected);
  });

  test('shows of every record what would be done on which side, field by field, and by which rule', async () => {
    const { stage, runId } = await openDryRun();

    const { records, next } = await stage.control.result('runs.plan.v1', { ...customer, runId });

    expect(next).toBeNull();
    expect(records).toEqual([
      {
        entityType: 'category',
        recordId: 'b1',
        name: 'Ours b1',
        toOurs: null,
        toTheirs: {
          action: 'update',
          lines: [
            { action: 'update', pointer: '/title', before: 'Box b1', after: 'Ours b1', rule: 'ours changed' },
          ],
        },
        conflicts: [],
      },
      {
        entityType: 'category',
        recordId: 'b2',
        name: 'Ours b2',
        toOurs: null,
        toTheirs: null,
        conflicts: [
          {
            pointer: '/title',
            kind: 'modify/modify',
            base: 'Box b2',
            ours: 'Ours b2',
            theirs: 'Theirs b2',
            inputs: expect.any(String),
            rule: 'manual (default)',
          },
        ],
      },
      {
        entityType: 'category',
        recordId: 'b3',
        name: 'Box b3',
        toOurs: expect.objectContaining({ action: 'delete' }),
        toTheirs: null,
        conflicts: [],
      },
      {
        entityType: 'category',
        recordId: 'b4',
        name: 'Box b4',
        toOurs: expect.objectContaining({ action: 'create' }),
        toTheirs: null,
        conflicts: [],
      },
      {
        entityType: 'org',
        recordId: 's2',
        name: 'Elm',
        toOurs: expect.objectContaining({ action: 'create' }),
        toTheirs: null,
        conflicts: [],
      },
    ]);
  });

  test.each<[JsonObject, readonly string[]]>([
    [{ entityType: 'org' }, ['s2']],
    [{ entityType: 'user' }, []],
    [{ direction: 'toTheirs' }, ['b1']],
    [{ direction: 'toOurs' }, ['b3', 'b4', 's2']],
    [{ action: 'create' }, ['b4', 's2']],
    [{ action: 'update' }, ['b1']],
    [{ action: 'update', direction: 'toOurs' }, []],
    [{ conflicting: true }, ['b2']],
    [{ conflicting: false }, ['b1', 'b3', 'b4', 's2']],
    [{ conflicting: false, entityType: 'category', action: 'delete' }, ['b3']],
  ])('shows of %j those records', async (filter, expected) => {
    const { stage, runId } = await openDryRun();
    expect(await planned(stage, runId, filter)).toEqual(expected);
  });

  test('is shown a page at a time, each record once', async () => {
    const { stage, runId } = await openDryRun();
    const found: unknown[] = [];
    let after: JsonObject | undefined;
    do {
      const params = { ...customer, runId, limit: 2, ...(after === undefined ? {} : { after }) };
      const page = await stage.control.result('runs.plan.v1', params);
      found.push(...(page.records as JsonObject[]).map(({ recordId }) => recordId));
      after = (page.next as JsonObject | null) ?? undefined;
    } while (after !== undefined);
    expect(found).toEqual(['b1', 'b2', 'b3', 'b4', 's2']);
  });

  test('is not there of a run that went through, and the dry run itself has changed nothing', async () => {
    const { stage, runId } = await openDryRun();
    expect(await stage.control.result('runs.get.v1', { ...customer, runId })).toMatchObject({
      isDryRun: true,
    });
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Box b1' });
    const stored = { ...integration, entityType: 'category' };
    expect((await stage.control.result('records.list.v1', stored)).records).toHaveLength(3);

    const { run } = await stage.vendor.sync();
    expect(await planned(stage, run.runId)).toEqual([]);
  });

  test.each<[JsonObject, string]>([
    [{ direction: 'ours' }, '/direction'],
    [{ action: 'remove' }, '/action'],
    [{ entityType: 'box' }, '/entityType'],
    [{ conflicting: 'yes' }, '/conflicting'],
    [{ after: { recordId: 'b1' } }, '/after/entityType'],
    [{ limit: 1_001 }, '/limit'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
    const { error } = await stage.call('runs.plan.v1', { ...customer, runId, ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('of a run that is not there is not known', async () => {
    const stage = await openTwoWay();
    const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
    const { error } = await stage.control.call('runs.plan.v1', { ...customer, runId });
    expect(error?.data).toMatchObject({ code: 'not_found' });
  });
});
