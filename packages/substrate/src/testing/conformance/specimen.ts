import { digestJson } from '../../json/digest.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { entityTypeFacts, volatilePointers } from '../../model/entity-types.ts';
import { referencesIn } from '../../model/references.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';

/*
 * Pure. A vendor's records made different on purpose, from the description alone: its schema says which member is required, its mapping
 * which one is read.
 */

/** A record that `wire` refuses while its id can still be made out, and the member at fault. */
export interface BrokenRecord {
  readonly record: JsonObject;
  readonly member: string;
}

/** Pure. What a record says besides, as far as it counts as a change; undefined: it is refused. */
type OtherReading = (record: JsonObject) => string | undefined;

/**
 * The record without a member that it needs; where it needs none but its id, with a member of a wrong kind. What the `others` read of it
 * stays as it is.
 */
export function breakRecord(
  entity: Entity,
  record: JsonObject,
  others: readonly OtherReading[] = [],
): BrokenRecord | undefined {
  const id = entity.idOf(record);
  const members = Object.keys(record);
  const attempts = [
    ...members.map((member) => ({ member, record: without(record, member) })),
    ...members.map((member) => ({ member, record: { ...record, [member]: { unexpected: [true] } } })),
  ];
  return attempts.find(
    (attempt) =>
      !entity.wire.safeParse(attempt.record).success &&
      entity.idOf(attempt.record) === id &&
      others.every((read) => read(attempt.record) === read(record)),
  );
}

/**
 * The record with one plain value changed, or one member as another of the `known` records of its list has it (a membership's role is one of a few
 * words), so that its canonical value differs, points to what it pointed to, and says to the `others` what it said; undefined where none makes a
 * difference.
 */
export function alterRecord(
  entity: Entity,
  record: JsonObject,
  known: readonly JsonObject[] = [],
  others: readonly OtherReading[] = [],
): JsonObject | undefined {
  const before = stableDigest(entity, record);
  const references = referencesOf(entity, record);
  const isAltered = (altered: JsonObject) => {
    const after = stableDigest(entity, altered);
    const isOther = after !== undefined && after !== before && entity.idOf(altered) === entity.idOf(record);
    const isSame = others.every((read) => read(altered) === read(record));
    return isOther && isSame && referencesOf(entity, altered) === references;
  };
  return alterations(record).find(isAltered) ?? borrowings(record, known).find(isAltered);
}

/** The record with one member changed that is read and means nothing, such as the time of its last export; undefined where there is none. */
export function touchRecord(entity: Entity, record: JsonObject): JsonObject | undefined {
  const readings = readingsOf(entity, record);
  const before = stableDigest(entity, record);
  return alterations(record).find(
    (touched) => stableDigest(entity, touched) === before && readingsOf(entity, touched) !== readings,
  );
}

/** The record under another id; undefined where the id is not one plain member. */
export function renameRecord(entity: Entity, record: JsonObject, id: string): JsonObject | undefined {
  return Object.keys(record)
    .map((member) => ({ ...record, [member]: id }))
    .find((renamed) => entity.idOf(renamed) === id && stableDigest(entity, renamed) !== undefined);
}

/**
 * Entities whose records no other entity of the vendor points to, nor to what else is read from the same record: one of them may vanish
 * without leaving a gap.
 */
export function leafEntities(vendor: Vendor): readonly Entity[] {
  return vendor.entities.filter((entity) => {
    const vanishing = [entity, ...derivedEntities(vendor, entity)];
    return vendor.entities.every(
      (other) =>
        vanishing.includes(other) ||
        vanishing.every(({ entityType }) => !entityTypeFacts(other.entityType).refersTo.includes(entityType)),
    );
  });
}

/** Entities that are read from this one's list as well. */
export function derivedEntities(vendor: Vendor, { entityType }: Entity): readonly Entity[] {
  return vendor.entities.filter(({ from }) => from === entityType);
}

/** How else this entity's records are read: by the entities that stand in its list, and as what they say of others' records. */
export function otherReadings(vendor: Vendor, entity: Entity, connection: unknown): readonly OtherReading[] {
  const derived = derivedEntities(vendor, entity);
  return [
    ...derived.map((other) => (record: JsonObject) => stableDigest(other, record)),
    ...joinReadings(vendor, entity, connection),
  ];
}

/** What this entity's records say of others': joins from its list, and those whose own list is the same at the vendor. */
export function joinReadings(vendor: Vendor, entity: Entity, connection: unknown): readonly OtherReading[] {
  const { path } = entity.collection(connection, '');
  return vendor.entities
    .flatMap((other) => Object.values(other.joins ?? {}))
    .filter(({ from, collection }) => from === entity.entityType || collection?.(connection).path === path)
    .map(({ wire }) => (record: JsonObject) => {
      const parsed = wire.safeParse(record);
      return parsed.success ? JSON.stringify(parsed.data ?? null) : undefined;
    });
}

/** What follows for an entity from a vendor's record, as far as it counts as a change: digests by id. Absent: no record. */
export function digestsById(entity: Entity, record: JsonObject | undefined): ReadonlyMap<string, string> {
  const parsed = entity.wire.safeParse(record);
  const readings = parsed.success ? entity.read(parsed.data) : [];
  return new Map(
    readings.map((reading) => [reading.id, digestJson(JSON.parse(JSON.stringify(reading, dropVolatile)))]),
  );
}

/** What follows from a vendor's record, as far as it counts as a change; undefined where it is refused or not sound. */
function stableDigest(entity: Entity, record: JsonObject): string | undefined {
  const parsed = entity.wire.safeParse(record);
  if (!parsed.success) return undefined;
  const readings = entity.read(parsed.data);
  const { schema } = entityTypeFacts(entity.entityType);
  const isSound = readings.every((reading) => 'value' in reading && schema.safeParse(reading.value).success);
  return isSound && readings.length > 0
    ? digestJson(JSON.parse(JSON.stringify(readings, dropVolatile)))
    : undefined;
}

function referencesOf(entity: Entity, record: JsonObject): string {
  const parsed = entity.wire.safeParse(record);
  const readings = parsed.success ? entity.read(parsed.data) : [];
  return JSON.stringify(
    readings.map((reading) =>
      'value' in reading ? referencesIn(entity.entityType, '', reading.value as JsonObject) : [],
    ),
  );
}

/** Everything that follows from the record, also what counts as no change. */
function readingsOf(entity: Entity, record: JsonObject): string | undefined {
  const parsed = entity.wire.safeParse(record);
  return parsed.success ? JSON.stringify(entity.read(parsed.data)) : undefined;
}

function dropVolatile(member: string, value: unknown): unknown {
  return volatilePointers.includes(`/${member}`) ? undefined : value;
}

/** Values of the same kind, for whatever the member may be. */
function otherValues(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1];
  if (typeof value !== 'string') return [];
  if (value === 'true' || value === 'false') return [value === 'true' ? 'false' : 'true'];
  if (/^\d{4}-\d\d-\d\d/.test(value)) return [value.replace(/^\d{4}-\d\d-\d\d/, '2026-02-03')];
  return [`${value} (edited)`];
}

/** The record with one plain value changed: first its own members, then those within, where some vendors say everything. */
function alterations(record: JsonObject): readonly JsonObject[] {
  return [otherValues, otherWithin].flatMap((others) =>
    Object.entries(record).flatMap(([member, value]) =>
      others(value).map((other) => ({ ...record, [member]: other })),
    ),
  );
}

/** The record with one member as another record has it; each value once. */
function borrowings(record: JsonObject, known: readonly JsonObject[]): readonly JsonObject[] {
  return Object.keys(record).flatMap((member) => {
    const valuesByText = new Map(
      known.flatMap(({ [member]: value }) => (value === undefined ? [] : [[JSON.stringify(value), value]])),
    );
    return [...valuesByText.values()].map((value) => ({ ...record, [member]: value }));
  });
}

/** An object or a list with one plain value changed in it, at any depth. */
function otherWithin(value: JsonValue): readonly JsonValue[] {
  const inside = (each: JsonValue) => [...otherValues(each), ...otherWithin(each)];
  if (Array.isArray(value)) {
    return value.flatMap((item: JsonValue, at) => inside(item).map((other) => value.with(at, other)));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    inside(member).map((other) => ({ ...value, [name]: other })),
  );
}

function without(record: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== member));
}

/** The objects among a page's records. */
export function objectsIn(records: readonly JsonValue[]): readonly JsonObject[] {
  return records.filter(isJsonObject);
}
