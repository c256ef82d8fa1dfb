import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';

const boxes = { ...integration, entityType: 'category' };

async function pageThrough({ control }: TwoWay, filter: JsonObject, limit: number) {
  const found: JsonObject[] = [];
  let after: string | undefined;
  do {
    const params = { ...boxes, ...filter, limit, ...(after === undefined ? {} : { after }) };
    const page = await control.result('records.list.v1', params);
    expect((page.records as JsonObject[]).length).toBeLessThanOrEqual(limit);
    found.push(...(page.records as JsonObject[]));
    after = (page.next as string | null) ?? undefined;
  } while (after !== undefined);
  return found;
}

const idsOf = (records: readonly JsonObject[]) => records.map(({ recordId }) => recordId);

describe('records.get', () => {
  test('shows ours and base, which are the same where nobody has edited', async () => {
    const stage = await openTwoWay();
    const value = { status: 'active', title: 'Box b1', weight: 1 };
    expect(await stage.control.result('records.get.v1', stage.box('b1'))).toEqual({
      recordId: 'b1',
      version: 1,
      isDeleted: false,
      editedAt: null,
      openConflicts: 0,
      updatedAt: expect.any(String),
      ours: value,
      base: value,
      movedFrom: null,
    });
  });

  test('shows what is ours alone without a base, and what is deleted here without ours', async () => {
    const stage = await openTwoWay({});
    await stage.vendor.edit('category', 'mine', { status: 'active', title: 'Mine' });
    await stage.vendor.edit('category', 'b1', null);

    expect(await stage.control.result('records.get.v1', stage.box('mine'))).toMatchObject({
      ours: { title: 'Mine' },
      base: null,
      isDeleted: false,
      editedAt: expect.any(String),
    });
    expect(await stage.control.result('records.get.v1', stage.box('b1'))).toMatchObject({
      ours: null,
      base: { title: 'Box b1' },
      isDeleted: true,
      editedAt: expect.any(String),
    });
  });

  test.each([
    ['a record', { recordId: 'b9' }],
    ['an integration', { integrationId: 'none' }],
    ['a customer', { customerId: 'shelbyville' }],
    ['a record under another entity type', { entityType: 'org' }],
  ])('does not know %s that is not there', async (_name, wrong) => {
    const stage = await openTwoWay();
    const { error } = await stage.control.call('records.get.v1', { ...stage.box('b1'), ...wrong });
    expect(error?.data).toMatchObject({ code: 'not_found', ...wrong });
  });
});

describe('records.list', () => {
  test('shows every record once, in order of id, a page at a time, and values only where they are asked for', async () => {
    const stage = await openTwoWay();
    for (const limit of [1, 2, 3, 100]) {
      const found = await pageThrough(stage, {}, limit);
      expect(idsOf(found)).toEqual(['b1', 'b2', 'b3']);
      expect(found.filter((record) => 'ours' in record || 'base' in record)).toEqual([]);
    }
    expect(await pageThrough(stage, { values: true }, 2)).toMatchObject([
      { recordId: 'b1', ours: { title: 'Box b1' }, base: { title: 'Box b1' } },
      { recordId: 'b2' },
      { recordId: 'b3' },
    ]);
  });

  test('shows only what is edited here and not at the vendor yet', async () => {
    const stage = await openTwoWay();
    expect(await pageThrough(stage, { only: 'edited' }, 2)).toEqual([]);
    for (const id of ['b1', 'b3', 'b5'])
      await stage.vendor.edit('category', id, { status: 'active', title: `Ours ${id}` });
    await stage.vendor.edit('category', 'b2', null);

    for (const limit of [1, 2, 100])
      expect(idsOf(await pageThrough(stage, { only: 'edited' }, limit))).toEqual(['b1', 'b2', 'b3', 'b5']);

    await stage.vendor.sync();
    expect(await pageThrough(stage, { only: 'edited' }, 2)).toEqual([]);
  });

  test('shows only what waits for a decision, each record once though it has several conflicts', async () => {
    const stage = await openTwoWay();
    for (const id of ['b1', 'b2', 'b3']) {
      await stage.vendor.edit('category', id, { status: 'active', title: `Ours ${id}`, weight: 2 });
      if (id !== 'b2') stage.relabel(id, { title: `Theirs ${id}`, weight: 3 });
    }
    await stage.vendor.sync();

    for (const limit of [1, 2, 100]) {
      expect(await pageThrough(stage, { only: 'conflicting' }, limit)).toMatchObject([
        { recordId: 'b1', openConflicts: 2 },
        { recordId: 'b3', openConflicts: 2 },
      ]);
    }
    expect(idsOf(await pageThrough(stage, { only: 'edited' }, 2))).toEqual(['b1', 'b3']);
  });

  test('goes on after a record that is gone', async () => {
    const stage = await openTwoWay();
    const { records } = await stage.control.result('records.list.v1', { ...boxes, after: 'b1x' });
    expect(idsOf(records as JsonObject[])).toEqual(['b2', 'b3']);
  });

  test.each<[JsonObject, string]>([
    [{ only: 'new' }, '/only'],
    [{ entityType: 'box' }, '/entityType'],
    [{ limit: 0 }, '/limit'],
    [{ after: '' }, '/after'],
    [{ values: 1 }, '/values'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const { error } = await stage.call('records.list.v1', { ...boxes, ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });
});
