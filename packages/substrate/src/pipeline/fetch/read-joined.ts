import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { EntityValue } from '../../model/entity-types.ts';
import { readJoined } from '../../store/joined.ts';
import type { Run } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { RunWorker } from '../parts.ts';
import type { Slice } from '../slice.ts';
import {
  isStorable,
  type OwnReading,
  type PageReadings,
  readEach,
  readPage,
  readRecord,
  withHash,
} from './read-page.ts';

/** The records of one page as `readPage`, each with what other lists say of it (`Entity.joins`): read at once, and hashed once. */
export async function readJoinedPage(
  slice: Slice,
  entity: Entity,
  records: readonly JsonValue[],
): Promise<PageReadings> {
  const { hash } = slice.mergeOf(entity);
  if (entity.joins === undefined) return readPage(entity, records, hash);
  const own = readEach(entity, records, (raw, ordinal) => readKeyed(entity, raw, ordinal));
  const complete = await prepareJoined(slice, entity, own.readings);
  const byOrdinal = Map.groupBy(own.readings, ({ ordinal }) => ordinal);
  const { readings, refusals } = readEach(entity, records, (_raw, ordinal) =>
    (byOrdinal.get(ordinal) ?? []).map((reading) => withHash(complete(reading), hash)),
  );
  return { readings, refusals: [...own.refusals, ...refusals] };
}

/** What a record's own list says, and by which keys it is found in others, by the names of these. */
export interface KeyedReading extends OwnReading {
  readonly keys: ReadonlyMap<string, string>;
}

/** Pure. As `readRecord`. */
export function readKeyed(entity: Entity, raw: JsonValue, ordinal: number): readonly KeyedReading[] {
  return readRecord(entity, raw, ordinal).map((reading) => ({ ...reading, keys: keysOf(entity, reading) }));
}

function keysOf({ joins = {} }: Entity, { id, value }: OwnReading): ReadonlyMap<string, string> {
  if (value === null) return new Map();
  const keys = Object.entries(joins).map(
    ([list, { keyOf }]) => [list, keyOf === undefined ? id : keyOf(id, value as EntityValue)] as const,
  );
  // What cannot be a key is said of nothing.
  return new Map(keys.flatMap(([list, key]) => (key !== undefined && isStorable(key) ? [[list, key]] : [])));
}

/** Whose joined rows are read, and where they are kept. */
export interface JoinedPlace {
  readonly worker: Pick<RunWorker, 'store'>;
  readonly run: Pick<Run, 'customerId' | 'integrationId'>;
}

/** Reads what other lists say of these records, and answers the function that adds it to each. */
export async function prepareJoined(
  { worker, run }: JoinedPlace,
  { entityType, joins = {} }: Pick<Entity, 'entityType' | 'joins'>,
  readings: readonly KeyedReading[],
): Promise<(reading: KeyedReading) => OwnReading> {
  const { customerId, integrationId } = run;
  const wanted = readings.flatMap(({ keys }) => [...keys].map(([list, key]) => ({ list, key })));
  const rows = await readJoined(worker.store, { customerId, integrationId, entityType }, wanted);
  const saysByList = new Map(
    [...Map.groupBy(rows, ({ list }) => list)].map(([list, said]) => [list, saysByKey(said)]),
  );
  return ({ keys, ...reading }) => {
    let { value } = reading;
    for (const [list, join] of Object.entries(joins)) {
      const said = saysByList.get(list)?.get(keys.get(list) ?? '');
      if (value !== null && said !== undefined) value = join.add(value as EntityValue, said) as JsonObject;
    }
    return { ...reading, value };
  };
}

/** In order of id: by units of text, as JavaScript compares them, whichever database they came from. */
function saysByKey(
  rows: readonly { readonly key: string; readonly id: string; readonly says: JsonObject }[],
): ReadonlyMap<string, readonly JsonObject[]> {
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(
    [...Map.groupBy(sorted, ({ key }) => key)].map(([key, said]) => [key, said.map(({ says }) => says)]),
  );
}
