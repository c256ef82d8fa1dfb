import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Change } from './change.ts';
import { changesFormat } from './relay.ts';

type Attributes = Readonly<Record<string, string>>;

/** A message of the bus as it reached a subscriber. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly attributes: Attributes;
  readonly data: Uint8Array;
}

const id = z.string().min(1);
const recordSchema = z.custom<JsonObject>(isJsonObject, 'expected an object').nullable();

const changeSchema = z.strictObject({
  changeId: id,
  customerId: id,
  integrationId: id,
  vendor: id,
  entityType: id,
  recordId: id,
  sequence: z.int().min(1),
  action: z.enum(['create', 'update', 'delete']),
  before: recordSchema,
  after: recordSchema,
  runId: id,
  changedAt: z.iso.datetime(),
});

const dataSchema = z.strictObject({ changes: z.array(changeSchema).min(1) });

/**
 * Pure. The changes that a message of the change bus carries. Anything but a whole, sound message fails with `invalid_params`, with the
 * place in `data.where`: it never becomes right by being sent again, so it is to end as a dead letter.
 */
export function decodeChanges(message: ReceivedMessage): readonly Change[] {
  const { messageId, attributes } = message;
  if (attributes['format'] !== changesFormat)
    throw refuse(messageId, 'attributes.format', `expected ${changesFormat}`);
  const parsed = dataSchema.safeParse(decodeJson(message.data, messageId));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(messageId, ['data', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not as expected');
  }
  const { changes } = parsed.data;
  for (const [index, change] of changes.entries()) {
    const wrong = findContradiction(change, attributes);
    if (wrong !== null) throw refuse(messageId, `data.changes.${index}`, wrong);
  }
  return changes;
}

function decodeJson(data: Uint8Array, messageId: string): unknown {
  try {
    // `fatal`: half a character at the end of a truncated message is an error, not a replacement character.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (cause) {
    throw refuse(messageId, 'data', 'not UTF-8 JSON', cause);
  }
}

function findContradiction(change: Change, { customerId, integrationId }: Attributes): string | null {
  if (change.customerId !== customerId || change.integrationId !== integrationId)
    return 'of another integration than its message';
  if ((change.action === 'create') !== (change.before === null))
    return 'before must be null exactly for a create';
  if ((change.action === 'delete') !== (change.after === null))
    return 'after must be null exactly for a delete';
  return null;
}

/** Names the place and the rule, never the value: that may be a pupil's. */
function refuse(messageId: string, where: string, reason: string, cause?: unknown): Failure {
  return new Failure('invalid_params', 'A pushed message is malformed', {
    data: { messageId, where, reason },
    cause,
  });
}
