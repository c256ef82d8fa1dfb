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

/** Pure. The records of one page through the entity's wire schema and mapping; one that does not fit is refused, the others go on. */
export function readPage(
  entity: Entity,
  records: readonly JsonValue[],
  hash: (value: JsonObject) => string,
): PageReadings {
  const readings: PageReading[] = [];
  const refusals: Refusal[] = [];
  records.forEach((raw, ordinal) => {
    try {
      readings.push(...readRecord(entity, raw, ordinal, hash));
    } catch (thrown) {
      const bug = thrown instanceof Failure ? {} : { bug: thrown };
      refusals.push({ ordinal, id: entity.idOf(raw), failure: recordFailure(thrown), ...bug, raw });
    }
  });
  return { readings, refusals };
}

/** Fails with `record_quarantined` for a record that does not have the vendor's form. */
export function readRecord(
  entity: Entity,
  raw: JsonValue,
  ordinal: number,
  hash: (value: JsonObject) => string,
): readonly PageReading[] {
  const parsed = entity.wire.safeParse(raw);
  if (!parsed.success) {
    throw new Failure('record_quarantined', 'The record does not have the expected form', {
      data: { issues: describeIssues(parsed.error) },
    });
  }
  return entity.read(parsed.data).map((reading) => {
    assertStorable(reading.id);
    if ('deleted' in reading) return { ordinal, id: reading.id, value: null, hash: deletedHash };
    const value = reading.value as JsonObject;
    return { ordinal, id: reading.id, value, hash: hash(value) };
  });
}

/** Pure. Whether an id can be a key of the store: as long as its column takes, and of whole characters. */
export function isStorable(id: string): boolean {
  return id !== '' && id.length <= 255 && id.isWellFormed();
}

function assertStorable(id: string): void {
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
