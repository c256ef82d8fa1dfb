import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Change } from './change.ts';
import { changesFormat, orderingKeyOf } from './relay.ts';

export interface DecodedPush {
  readonly messageId: string;
  readonly deliveryAttempt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly changes: readonly Change[];
}

// Pub/Sub adds members to its envelope from time to time, so this one is not strict; what we wrote ourselves is.
const envelopeSchema = z.object({
  message: z.object({
    data: z.string(),
    attributes: z.record(z.string(), z.string()),
    messageId: z.string().min(1),
    orderingKey: z.string().min(1),
  }),
  deliveryAttempt: z.int().min(1).default(1),
});

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
 * Pure. The changes that a push of the change bus carries. Anything but a whole, sound message fails with `invalid_params`, with the
 * place in `data.where`: it never becomes right by being sent again, so it is to end as a dead letter.
 */
export function decodePush(envelope: unknown): DecodedPush {
  const { message, deliveryAttempt } = parse(envelopeSchema, envelope, 'envelope', null);
  const { messageId, attributes, orderingKey } = message;
  if (attributes['format'] !== changesFormat)
    throw refuse(messageId, 'attributes.format', `expected ${changesFormat}`);
  const { changes } = parse(dataSchema, decodeJson(message.data, messageId), 'data', messageId);
  for (const [index, change] of changes.entries()) {
    const wrong = findContradiction(change, orderingKey);
    if (wrong !== null) throw refuse(messageId, `data.changes.${index}`, wrong);
  }
  return { messageId, deliveryAttempt, attributes, changes };
}

function decodeJson(data: string, messageId: string): unknown {
  try {
    // `fatal`: half a character at the end of a truncated message is an error, not a replacement character.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64')));
  } catch (cause) {
    throw refuse(messageId, 'message.data', 'not base64 of UTF-8 JSON', cause);
  }
}

function findContradiction(change: Change, orderingKey: string): string | null {
  if (orderingKeyOf(change) !== orderingKey) return 'of another integration than its message';
  if ((change.action === 'create') !== (change.before === null))
    return 'before must be null exactly for a create';
  if ((change.action === 'delete') !== (change.after === null))
    return 'after must be null exactly for a delete';
  return null;
}

function parse<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  root: string,
  messageId: string | null,
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refuse(messageId, [root, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not as expected');
}

/** Names the place and the rule, never the value: that may be a pupil's. */
function refuse(messageId: string | null, where: string, reason: string, cause?: unknown): Failure {
  return new Failure('invalid_params', 'A pushed message is malformed', {
    data: { messageId, where, reason },
    cause,
  });
}
