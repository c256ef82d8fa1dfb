import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';
import { readRecordPage } from './read-record-page.ts';

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

/** As `pageThrough`, with so little effort a call that a search ends before its page is full. */
async function searchThrough({ control }: TwoWay, search: string, effort: { most: number; atOnce: number }) {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = { only: undefined, search, after, limit: 1 };
    const { rows, next } = await readRecordPage(control.store, boxes, page, effort);
    found.push(...rows.map(({ recordId }) => recordId));
    after = next;
  } while (after !== null);
  return found;
}

const idsOf = (records: readonly JsonObject[]) => records.map(({ recordId }) => recordId);

describe('records.get', () => {
  test('shows ours and base, which are the same where nobody has edited', async () => {
    const stage = await openTwoWay();
    const value = { status: 'active', title: 'Box b1', weight: 1 };
    expect(await stage.control.result('records.get.v1', stage.box('b1'))).toEqual({
      recordId: 'b1',
      name: 'Box b1',
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
      name: 'Box b1',
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

  test('finds by the words of a name or an id, in any case and without accents, whatever pages it is read in', async () => {
    const stage = await openTwoWay();
    const titles = ['Ådas Straße', 'adas books', 'Books of Zoë', 'Zoe 2', 'O\u0301dos', 'ΟΔΟΣ και'];
    const names = new Map(['1', '2', '3'].map((number) => [`b${number}`, `Box b${number}`]));
    for (const [index, title] of [...titles, ...titles].entries()) {
      await stage.vendor.edit('category', `T-${index}`, { status: 'active', title });
      names.set(`T-${index}`, title);
    }
    stage.relabel('b2', { title: 'Theirs', weight: 3 });
    await stage.vendor.edit('category', 'b2', { status: 'active', title: 'Zoë ours', weight: 2 });
    names.set('b2', 'Zoë ours');
    const ids = [...names.keys()].toSorted();
    const found = (...wanted: readonly string[]) => ids.filter((id) => wanted.includes(names.get(id) ?? ''));
    const searches: readonly (readonly [search: string, ids: readonly string[]])[] = [
      ['adas', found('Ådas Straße', 'adas books')],
      ['STRASSE, ådas', found('Ådas Straße')],
      ['zoe', found('Books of Zoë', 'Zoe 2', 'Zoë ours')],
      ['oe zo book', found('Books of Zoë')],
      ['óDOS', found('O\u0301dos')],
      ['οδοσ', found('ΟΔΟΣ και')],
      ['t-1', ['T-1', 'T-10', 'T-11']],
      ['t-1 adas', ['T-1']],
      ['nobody', []],
      [' ', ids],
    ];
    for (const [search, wanted] of searches) {
      for (const limit of [1, 3, 100])
        expect(idsOf(await pageThrough(stage, { search }, limit)), search).toEqual(wanted);
      for (const effort of [1, 2, 5].map((most) => ({ most, atOnce: 1 })))
        expect(await searchThrough(stage, search, effort), search).toEqual(wanted);
    }
    expect(await stage.control.result('records.list.v1', { ...boxes, search: 'zoe books' })).toMatchObject({
      records: [{ name: 'Books of Zoë' }, { name: 'Books of Zoë' }],
      next: null,
      searched: ids.length,
    });

    expect(idsOf(await pageThrough(stage, { only: 'edited', search: 'o' }, 2))).toEqual(
      found('adas books', 'Books of Zoë', 'Zoe 2', 'O\u0301dos', 'Zoë ours'),
    );
    await stage.vendor.sync();
    const both = { only: 'conflicting', values: true };
    expect(await pageThrough(stage, { ...both, search: 'OURS zoe' }, 1)).toMatchObject([
      { recordId: 'b2', name: 'Zoë ours', ours: { title: 'Zoë ours' } },
    ]);
    expect(await pageThrough(stage, { ...both, search: 'theirs' }, 1)).toEqual([]);
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
    [{ search: '' }, '/search'],
    [{ search: 'x'.repeat(101) }, '/search'],
  ])('refuses %j', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield', ['first']);
    const { error } = await stage.call('records.list.v1', { ...boxes, ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });
});
