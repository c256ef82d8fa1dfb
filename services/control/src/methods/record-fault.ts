import { isFailure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { canonicalJson, jsonPointer } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { type EntityType, entityTypeFacts } from '@flotilla/substrate/model';
import type { z } from 'zod';

export interface RecordFault {
  /** Relative to the record. */
  readonly pointer: string;
  readonly message: string;
}

/** Pure. Why a value is no sound canonical record: nothing else may be stored, and no other system's secrets come in by a member of its own. */
export function listRecordFaults(entityType: EntityType, value: JsonObject): readonly RecordFault[] {
  const { schema } = entityTypeFacts(entityType);
  const { error } = schema.safeParse(value);
  if (error !== undefined) return error.issues.flatMap((issue) => describeIssue(issue, entityType, schema));
  try {
    canonicalJson(value);
    return [];
  } catch (thrown) {
    if (!isFailure(thrown, 'invalid_params')) throw thrown;
    const { pointer, found } = thrown.data;
    return [{ pointer: String(pointer), message: `not what JSON can say: ${String(found)}` }];
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  entityType: EntityType,
  schema: z.ZodObject,
): readonly RecordFault[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ pointer: jsonPointer(issue.path), message: issue.message }];
  const names = issue.path.length === 0 ? Object.keys(schema.shape) : [];
  return issue.keys.map((key) => {
    const near = findNearest(key, names);
    const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
    const where = issue.path.length === 0 ? ` of ${entityType}` : '';
    return {
      pointer: jsonPointer([...issue.path, key]),
      message: `There is no such member${where}${hint}`,
    };
  });
}
