import { expect, test } from 'vitest';
import type { Change } from '../../egress/change.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { referencePatterns } from '../../model/references.ts';
import { pageBodies } from '../../store/pages.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { RecordEdit } from '../simulator/record-edit.ts';
import type { VendorStage } from '../vendor-stage.ts';
import {
  alterRecord,
  derivedEntities,
  digestsById,
  joinReadings,
  leafEntities,
  renameRecord,
  touchRecord,
} from './specimen.ts';
import type { Suite } from './suite.ts';

/** That a sync finds what changed at the vendor, all of it and nothing else. */
export function describeChanges(suite: Suite): void {
  const { open } = suite;

  test('two full reads of a source that stands still are equal', async () => {
    const stage = await open('long');
    await stage.connect('second');

    const first = await stage.sync();
    const second = await stage.sync({ integrationId: 'second' });

    expect(first.run.state).toBe('succeeded');
    expect(second.changes.map(withoutRun)).toEqual(first.changes.map(withoutRun));
    expect((await stage.stored('second')).map(contentOf)).toEqual((await stage.stored()).map(contentOf));
  });

  test('a run that finds nothing new writes no record, no change, no message and no page body', async () => {
    const stage = await open('long');
    await stage.sync();
    const before = await everythingStored(stage);

    const { run, changes, entityTypes } = await stage.sync();

    expect(run).toMatchObject({ state: 'succeeded', firstSequence: run.lastSequence });
    expect(changes).toEqual([]);
    expect(await everythingStored(stage)).toEqual(before);
    for (const { counts } of entityTypes.values()) {
      expect(counts).toEqual({
        ...counts,
        unchanged: counts.received,
        created: 0,
        updated: 0,
        deleted: 0,
        quarantined: 0,
      });
    }
  });

  test('a record that was only touched, its time of change moved, is not called changed', async (context) => {
    const stage = await open('long');
    await stage.sync();
    const edits: RecordEdit[] = [];
    for (const entity of stage.vendor.entities) {
      if (entity.from !== undefined) continue;
      for (const record of (await stage.source(entity)).slice(0, 3)) {
        const touched = touchRecord(entity, record);
        const id = entity.idOf(record) ?? '';
        const collection = suite.collectionName(stage, entity);
        if (touched !== undefined) edits.push({ collection, op: 'put', id, record: touched });
      }
    }
    if (edits.length === 0) return context.skip('no record of the vendor has a member that means nothing');
    const before = await everythingStored(stage);
    stage.simulator.edit(edits);

    const { run, changes } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(changes).toEqual([]);
    expect((await everythingStored(stage)).records).toEqual(before.records);
  });

  test('created, updated, removed and marked records of every entity type arrive as exactly those changes, with before and after', async () => {
    const stage = await open('long');
    await stage.sync();
    const stored = new Map(
      (await stage.stored()).map((row) => [`${row.entityType} ${row.recordId}`, row.value]),
    );
    const messages = await stage.published();
    const plan = await planEdits(suite, stage);
    expect(new Set(plan.expected.map(({ action }) => action))).toEqual(
      new Set(['create', 'update', 'delete']),
    );
    stage.simulator.edit(plan.edits);

    const { run, changes } = await stage.sync();

    expect(run.state).toBe('succeeded');
    const found = changes.map(({ entityType, recordId, action }) => ({ entityType, recordId, action }));
    expect(found.toSorted(byKey)).toEqual(plan.expected.toSorted(byKey));
    for (const { entityType, recordId, action, before, after } of changes) {
      expect(before).toEqual(action === 'create' ? null : stored.get(`${entityType} ${recordId}`));
      expect(after === null).toBe(action === 'delete');
      expect(after).not.toEqual(before);
    }
    expect(changes.map(({ sequence }) => sequence)).toEqual(
      changes.map((_, index) => (run.firstSequence ?? 0) + 1 + index),
    );
    expect(await stage.published()).toBeGreaterThan(messages);
    expect((await stage.sync()).changes).toEqual([]);
  });
}

interface ExpectedChange {
  readonly entityType: string;
  readonly recordId: string;
  readonly action: 'create' | 'update' | 'delete';
}

export interface EditPlan {
  readonly edits: readonly RecordEdit[];
  readonly expected: readonly ExpectedChange[];
}

/**
 * In every entity type the first record altered and a copy of it created; of those that nothing points to, the last ones removed. What is
 * read from another's list changes along.
 */
export async function planEdits(suite: Suite, stage: VendorStage): Promise<EditPlan> {
  const edits: RecordEdit[] = [];
  const expected: ExpectedChange[] = [];
  const unaltered: EntityType[] = [];
  const connection = stage.vendor.api.connection.parse(stage.connection);
  const entities = stage.vendor.entities.filter(({ isOffered }) => isOffered?.(connection) !== false);
  const leaves = leafEntities({ ...stage.vendor, entities });
  for (const entity of entities) {
    const { entityType } = entity;
    if (entity.from !== undefined) continue;
    const collection = suite.collectionName(stage, entity);
    const records = await stage.source(entity);
    const [first] = records;
    const joins = joinReadings(stage.vendor, entity, connection);
    const altered = first === undefined ? undefined : alterRecord(entity, first, records, joins);
    if (first === undefined || altered === undefined) unaltered.push(entityType);
    if (first === undefined) continue;
    const derived = derivedEntities(stage.vendor, entity);
    const follow = (before: JsonObject | undefined, after: JsonObject | undefined) =>
      expected.push(...derived.flatMap((other) => changesOf(other, before, after)));

    const id = entity.idOf(first) ?? '';
    if (altered !== undefined) {
      edits.push({ collection, op: 'put', id, record: altered });
      expected.push({ entityType, recordId: id, action: 'update' });
      follow(first, altered);
    }
    const newId = `${id}-new`;
    // One that stands under another record's id has no place under a new one.
    const isOfAnother = referencePatterns(entityType).references.has('');
    const created = isOfAnother ? undefined : renameRecord(entity, first, newId);
    if (created !== undefined) {
      edits.push({ collection, op: 'put', id: newId, record: created });
      expected.push({ entityType, recordId: newId, action: 'create' });
      follow(undefined, created);
    }
    // What says something of others stays: they would change with it.
    if (!leaves.includes(entity) || joins.length > 0) continue;
    const [last, beforeLast] = records.slice(1).reverse();
    if (last !== undefined) {
      const lastId = entity.idOf(last) ?? '';
      edits.push({ collection, op: 'remove', id: lastId });
      expected.push({ entityType, recordId: lastId, action: 'delete' });
      follow(last, undefined);
    }
    if (beforeLast !== undefined && suite.marksDeletions) {
      const markedId = entity.idOf(beforeLast) ?? '';
      edits.push({ collection, op: 'tobedeleted', id: markedId });
      expected.push({ entityType, recordId: markedId, action: 'delete' });
      follow(beforeLast, undefined);
    }
  }
  expect(
    unaltered,
    'entity types without a record that can be altered (those where none can be are named in `unalterable`)',
  ).toEqual(Object.keys(suite.unalterable));
  return { edits, expected };
}

/** What becomes of an entity's records when the record that they are read from changes. */
function changesOf(
  entity: Entity,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly ExpectedChange[] {
  const { entityType } = entity;
  const was = digestsById(entity, before);
  const is = digestsById(entity, after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((recordId) => was.get(recordId) !== is.get(recordId))
    .map((recordId) => ({
      entityType,
      recordId,
      action: !was.has(recordId) ? 'create' : is.has(recordId) ? 'update' : 'delete',
    }));
}

export function byKey(a: ExpectedChange, b: ExpectedChange): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function withoutRun({ entityType, recordId, action, before, after, sequence }: Change) {
  return { entityType, recordId, action, before, after, sequence };
}

function contentOf({
  entityType,
  recordId,
  hash,
  value,
}: Awaited<ReturnType<VendorStage['stored']>>[number]) {
  return { entityType, recordId, hash, value };
}

/** Records with the times of their last write, what waits for the warehouse, and the kept bodies of pages. */
async function everythingStored(stage: VendorStage) {
  const bodies = await stage.platform.store.scan(pageBodies, { columns: ['digest', 'expiresAt'] });
  return { records: await stage.stored(), messages: await stage.published(), bodies };
}
