import type { JsonValue } from '../json/json-value.ts';
import { redacted, redactText } from './redact-text.ts';

/** Deeper than any data worth logging; what lies below is replaced by a remark. */
const maximumDepth = 12;
const maximumMembers = 200;

/**
 * Pure. Anything at all as plain JSON without secrets: members whose names speak of a secret, texts that look like one, and every
 * registered value, wherever it stands (names, messages, stacks, causes). Never throws and never returns what it was given: circles,
 * getters that throw, bigints, bytes and functions become remarks in square brackets.
 */
export function redact(value: unknown, secrets: readonly string[] = []): JsonValue {
  return redactValue(value, { secrets, ancestors: [] }) ?? null;
}

interface Walk {
  readonly secrets: readonly string[];
  readonly ancestors: readonly object[];
}

function redactValue(value: unknown, walk: Walk): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
      return redactText(value, walk.secrets);
    case 'number':
      return Number.isFinite(value) ? redactNumber(value, walk.secrets) : `[${value}]`;
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return redactText(value.toString(), walk.secrets);
    case 'object':
      return value === null ? null : redactObject(value, walk);
    default:
      return `[${typeof value}]`;
  }
}

/** A registered secret may be all digits, and may have been parsed on its way. */
function redactNumber(value: number, secrets: readonly string[]): JsonValue {
  return secrets.includes(String(value)) ? redacted : value;
}

function redactObject(object: object, walk: Walk): JsonValue {
  if (walk.ancestors.includes(object)) return '[circular]';
  if (walk.ancestors.length >= maximumDepth) return '[too deep]';
  const below: Walk = { secrets: walk.secrets, ancestors: [...walk.ancestors, object] };
  try {
    if (object instanceof Error) return redactError(object, below);
    if (object instanceof Date)
      return Number.isNaN(object.getTime()) ? '[invalid date]' : object.toISOString();
    if (object instanceof URL || object instanceof RegExp) return redactText(object.toString(), walk.secrets);
    if (ArrayBuffer.isView(object)) return `[${object.byteLength} bytes]`;
    if (object instanceof Map) return redactMembers(mapEntries(object), below);
    if (Array.isArray(object) || object instanceof Set) return redactItems([...object], below);
    return redactMembers(Object.entries(object), below);
  } catch {
    return '[unreadable]';
  }
}

/** What identifies an error, its own members (a Failure's code and data, an HTTP client's request) and its causes. */
function redactError(error: Error, walk: Walk): JsonValue {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(
    ([member]) => !['name', 'message', 'stack', 'cause', 'errors'].includes(member),
  );
  const members: [string, unknown][] = [['name', name], ['message', message], ['stack', stack], ...own];
  if (cause !== undefined) members.push(['cause', cause]);
  if (error instanceof AggregateError) members.push(['errors', error.errors]);
  return redactMembers(members, walk);
}

function redactItems(items: readonly unknown[], walk: Walk): JsonValue {
  const kept = items.slice(0, maximumMembers).map((item) => redactValue(item, walk) ?? null);
  return items.length > maximumMembers ? [...kept, `[${items.length - maximumMembers} more]`] : kept;
}

function redactMembers(entries: readonly (readonly [string, unknown])[], walk: Walk): JsonValue {
  const members = new Map<string, JsonValue>();
  for (const [name, value] of entries.slice(0, maximumMembers)) {
    const safe = isSecretName(name) && hidesSomething(value) ? redacted : redactValue(value, walk);
    if (safe !== undefined) members.set(redactText(name, walk.secrets), safe);
  }
  if (entries.length > maximumMembers) members.set('…', `[${entries.length - maximumMembers} more]`);
  // Not an assignment to members: that would call the setter behind `__proto__`.
  return Object.fromEntries(members);
}

function mapEntries(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return [...map].map(([name, value]) => [String(name), value]);
}

const secretWords =
  /authorization|token|secret|passw|passphrase|credential|apikey|accesskey|privatekey|signingkey|encryptionkey|cookie|signature|session$|bearer/;

const wholeSecretNames = new Set(['sid', 'jwt', 'pwd', 'auth']);

/** Names that speak about a secret without being one: `tokenUrl`, `credentialId`, `tokensUsed`. */
const aboutSecret =
  /(url|uri|type|kind|id|name|at|in|expiry|expires|count|length|version|used|method|ref|pagetoken)$/;

/** Whether a member's name says that its value is a secret, in whatever case and with whatever separators it is written. */
export function isSecretName(name: string): boolean {
  const word = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return wholeSecretNames.has(word) || (secretWords.test(word) && !aboutSecret.test(word));
}

/** `hasToken: true` and an empty password say something worth knowing and hide nothing. */
function hidesSomething(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && typeof value !== 'boolean';
}
