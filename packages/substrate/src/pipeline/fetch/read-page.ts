import type { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { RecordedFailure } from '../../report/recorded-failure.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { RunWorker } from '../parts.ts';
import { describeIssues, recordFailure } from '../record-failure.ts';

/** What a page says of one canonical record; `value` null: the vendor marks it as deleted. */
export interface PageReading {
  readonly ordinal: number;
  readonly id: string;
  readonly value: JsonObject | null;
  readonly hash: string;
}

/** A record that was left out, and why. */
export interface Refusal {
  readonly ordinal: number;
  /** Undefined where no id can be made out. */
  readonly id: string | undefined;
  readonly failure: RecordedFailure;
  /** Present where the mapping itself broke: a fault of ours, for the log. */
  readonly bug?: unknown;
  readonly raw: JsonValue;
}

export interface PageReadings {
  readonly readings: readonly PageReading[];
  readonly refusals: readonly Refusal[];
}

/** The hash of a record that the vendor does not have; no value's hash, which all have a version before the colon. */
export const deletedHash = 'deleted';

/** What a record of the vendor's own list says. */
export type OwnReading = Omit<PageReading, 'hash'>;

/** Pure. The records of one page through the entity's wire schema and mapping; one that does not fit is refused, the others go on. */
export function readPage(
  entity: Entity,
  records: readonly JsonValue[],
  hash: (value: JsonObject) => string,
): PageReadings {
  return readEach(entity, records, (raw, ordinal) =>
    readRecord(entity, raw, ordinal).map((reading) => withHash(reading, hash)),
  );
}

export function withHash(reading: OwnReading, hash: (value: JsonObject) => string): PageReading {
  return { ...reading, hash: reading.value === null ? deletedHash : hash(reading.value) };
}

/** What is made of each record; one of which nothing can be made is refused, the others go on. */
export function readEach<R>(
  { idOf }: Pick<Entity, 'idOf'>,
  records: readonly JsonValue[],
  read: (raw: JsonValue, ordinal: number) => readonly R[],
): { readonly readings: readonly R[]; readonly refusals: readonly Refusal[] } {
  const readings: R[] = [];
  const refusals: Refusal[] = [];
  records.forEach((raw, ordinal) => {
    try {
      readings.push(...read(raw, ordinal));
    } catch (thrown) {
      const bug = thrown instanceof Failure ? {} : { bug: thrown };
      refusals.push({ ordinal, id: idOf(raw), failure: recordFailure(thrown), ...bug, raw });
    }
  });
  return { readings, refusals };
}

/** Fails with `record_quarantined` for a record that does not have the vendor's form. */
export function readRecord(entity: Entity, raw: JsonValue, ordinal: number): readonly OwnReading[] {
  return entity.read(parseWire(entity.wire, raw)).map((reading) => {
    assertStorable(reading.id);
    return { ordinal, id: reading.id, value: 'deleted' in reading ? null : (reading.value as JsonObject) };
  });
}

/** Pure. A record by the vendor's schema; fails with `record_quarantined`. */
export function parseWire<S extends z.ZodType>(wire: S, raw: JsonValue): z.output<S> {
  const parsed = wire.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new Failure('record_quarantined', 'The record does not have the expected form', {
    data: { issues: describeIssues(parsed.error) },
  });
}

/** Pure. Whether an id can be a key of the store: as long as its column takes, and of whole characters. */
export function isStorable(id: string): boolean {
  return id !== '' && id.length <= 255 && id.isWellFormed();
}

/** Fails with `record_quarantined`. */
export function assertStorable(id: string): void {
  if (isStorable(id)) return;
  throw new Failure('record_quarantined', 'The record has an id that cannot be kept', {
    data: { id: id.slice(0, 300), expected: 'a text of 1 to 255 whole characters' },
  });
}

/** A mapping that breaks is a fault of ours that a report cannot explain: once a page, the log does. */
export function reportBug(
  { log }: Pick<RunWorker, 'log'>,
  { entityType }: Entity,
  refusals: readonly Refusal[],
): void {
  const broken = refusals.filter((refusal) => 'bug' in refusal);
  const [first] = broken;
  if (first === undefined) return;
  const { bug: error, ordinal } = first;
  log.error('The mapping of a record broke', { error, entityType, ordinal, records: broken.length });
}
