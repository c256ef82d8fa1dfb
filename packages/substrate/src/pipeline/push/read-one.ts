import { Failure } from '../../failure/failure.ts';
import { isJsonAnswer } from '../../http/read-json.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { recordIn, toRequest } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { canonicalFault } from '../fetch/canonical-fault.ts';
import { type JoinedPlace, prepareJoined, readKeyed } from '../fetch/read-joined.ts';
import { deletedHash, withHash } from '../fetch/read-page.ts';
import type { TheirRecord } from '../plan/merge-staged.ts';
import type { EntityMerge, Slice } from '../slice.ts';

/** One record as the vendor has it at this moment. */
export interface LatestRecord {
  readonly theirs: TheirRecord;
  /** As the vendor sent it; undefined where it does not have the record. */
  readonly raw: JsonObject | undefined;
  /** The record is not there, and it may be a gateway that says so, or a wrong address. */
  readonly isDoubtful?: true;
}

/** What it takes: of a slice of a run, or of a call that reads and keeps nothing. */
export interface OneReader extends Pick<Slice, 'client' | 'connection'>, JoinedPlace {
  readonly mergeOf: (entity: Entity) => Pick<EntityMerge, 'hash'>;
}

/**
 * Asks the vendor for one record, and adds what other lists said of it when they were last read (`Entity.joins`). Fails with `record_quarantined` for one that cannot be read, `vendor_answer_invalid` for an answer that is
 * not about the record, and as every request does.
 */
export async function readOne(reader: OneReader, entity: Entity, recordId: string): Promise<LatestRecord> {
  if (entity.one === undefined) {
    throw new Failure('invalid_params', 'The vendor shows no single record of this entity type', {
      data: { entityType: entity.entityType },
    });
  }
  const { client, connection, mergeOf } = reader;
  const where = entity.one(recordId, connection);
  const response = await client.request({ ...toRequest(where), tolerate: [404, 410] });
  if (response.status === 410 || (response.status === 404 && isJsonAnswer(response))) return absent(recordId);
  if (response.status === 404) return { ...absent(recordId), isDoubtful: true };
  const raw = recordIn(response.json(), where);
  if (raw === undefined) return absent(recordId);
  const readings = readKeyed(entity, raw, 0);
  const reading = readings.find(({ id }) => id === recordId);
  // It is there and is no such record (any more), as where a list has it: a person who is no student.
  if (readings.length === 0) return absent(recordId);
  if (reading === undefined) {
    throw new Failure('vendor_answer_invalid', 'The vendor answered with another record than was asked for', {
      data: { entityType: entity.entityType, recordId },
    });
  }
  if (reading.value === null) return absent(recordId);
  const complete = await prepareJoined(reader, entity, [reading]);
  const { value, hash } = withHash(complete(reading), mergeOf(entity).hash);
  const fault = canonicalFault(entity, value);
  if (fault !== undefined) throw fault;
  return { theirs: { recordId, value, hash }, raw };
}

/** Not about the one record that was asked for or written. */
export function concernsTheRun({ code }: Failure): boolean {
  return runWideCodes.has(code);
}

const runWideCodes: ReadonlySet<string> = new Set([
  'credentials_rejected',
  'credentials_corrupt',
  'config_invalid',
  'lease_lost',
]);

function absent(recordId: string): LatestRecord {
  return { theirs: { recordId, value: null, hash: deletedHash }, raw: undefined };
}
