import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import type { RecordStore } from './record-store.ts';
import { idOf, mapReferences, refId } from './references.ts';
import type { Collection, CollectionName, WireField } from './wire-fields.ts';

export interface WriteContext {
  readonly store: RecordStore;
  readonly collections: ReadonlyMap<CollectionName, Collection>;
  /** The server's own time, which replaces the `dateLastModified` that the client sent. */
  readonly modifiedAt: string;
}

/** `PUT /{collection}/{sourcedId}`: creates or replaces the whole object. Nothing on success. */
export function putRecord(
  context: WriteContext,
  collection: Collection,
  request: SimulatedRequest,
): VendorProblem | undefined {
  const body = readEnvelope(request);
  if ('description' in body) return body;
  const record = body.value[collection.single];
  if (!isJsonObject(record) || Object.keys(body.value).length !== 1)
    return invalid(`The body must be {"${collection.single}": {...}}`);
  const id = request.params.sourcedId ?? '';
  if (record.sourcedId !== id) return invalid("sourcedId differs from the path's");
  const problem = checkRecord(context, collection, record);
  if (problem !== undefined) return problem;
  context.store.put(collection.name, id, toStored(context, collection, record));
  return undefined;
}

/** `DELETE /{collection}/{sourcedId}`: refused as `deletefailure` while other objects point to it. Nothing on success. */
export function deleteRecord(
  context: WriteContext,
  collection: Collection,
  request: SimulatedRequest,
): VendorProblem | undefined {
  const id = request.params.sourcedId ?? '';
  const { store } = context;
  if (store.get(collection.name, id) === undefined)
    return { status: 404, description: `No ${collection.single} ${id}` };
  for (const other of context.collections.values()) {
    const fields = other.fields.filter((field) => field.kind === 'ref' && field.target === collection.single);
    const user = store
      .list(other.name)
      .find((record) => fields.some((field) => refId(record[field.name]) === id));
    if (user !== undefined) {
      const description = `The ${other.single} ${idOf(user)} still points to it`;
      return { status: 422, code: 'deletefailure', description };
    }
  }
  store.remove(collection.name, id);
  return undefined;
}

/**
 * `POST` of a set below other objects (1.2 only): the server allocates the ids and answers which became which. `fixed` are the
 * references that the path implies; a record that says otherwise is refused, and then none is stored.
 */
export function postRecords(
  context: WriteContext,
  collection: Collection,
  request: SimulatedRequest,
  fixed: Readonly<Record<string, string>>,
): JsonObject | VendorProblem {
  const body = readEnvelope(request);
  if ('description' in body) return body;
  const records = body.value[collection.name];
  if (!Array.isArray(records) || Object.keys(body.value).length !== 1)
    return invalid(`The body must be {"${collection.name}": [...]}`);
  const supplied = new Set<string>();
  for (const record of records as readonly JsonValue[]) {
    if (!isJsonObject(record)) return invalid('Each record must be an object');
    const problem = checkRecord(context, collection, record);
    if (problem !== undefined) return problem;
    const other = Object.entries(fixed).find(([field, id]) => (refId(record[field]) ?? id) !== id);
    if (other !== undefined) return invalid(`${other[0]} differs from the path's ${other[1]}`);
    if (supplied.has(idOf(record))) return invalid(`sourcedId ${idOf(record)} is given twice`);
    supplied.add(idOf(record));
  }
  const pairs = (records as readonly JsonObject[]).map((record) => {
    const allocated = randomUUID();
    context.store.put(
      collection.name,
      allocated,
      toStored(context, collection, { ...record, sourcedId: allocated }),
    );
    return { suppliedSourcedId: idOf(record), allocatedSourcedId: allocated };
  });
  return { sourcedIdPairs: pairs };
}

function readEnvelope(request: SimulatedRequest): { readonly value: JsonObject } | VendorProblem {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return { status: 415, description: `The body must be application/json, not ${type ?? 'untyped'}` };
  }
  try {
    const value: unknown = JSON.parse(request.body);
    return isJsonObject(value) ? { value } : invalid('The body must be a JSON object');
  } catch {
    return { status: 400, code: 'invaliddata', description: 'The body is not JSON' };
  }
}

/** As strict as the schema: nothing missing, nothing unknown, nothing of another type; and what is pointed to exists. */
function checkRecord(
  context: WriteContext,
  collection: Collection,
  record: JsonObject,
): VendorProblem | undefined {
  const unknown = Object.keys(record).find((name) => !collection.fields.some((field) => field.name === name));
  if (unknown !== undefined) return invalid(`A ${collection.single} has no ${unknown}`);
  for (const field of collection.fields) {
    const value = record[field.name];
    const expected =
      value === undefined ? (field.required ? 'present' : undefined) : expectedOf(field, value);
    if (expected !== undefined) return invalid(`${field.name} must be ${expected}`);
    if (field.kind === 'ref' && value !== undefined) {
      const target = [...context.collections.values()].find(({ single }) => single === field.target);
      if (target !== undefined && context.store.get(target.name, refId(value) ?? '') === undefined) {
        return invalid(`${field.name}: no ${field.target} ${refId(value)}`);
      }
    }
  }
  return undefined;
}

/** What the value should have been, or undefined where it is right. */
function expectedOf(field: WireField, value: JsonValue): string | undefined {
  switch (field.kind) {
    case 'text':
      if (typeof value !== 'string') return 'a text';
      if (field.values === undefined || field.values.some((one) => isChoice(one, value))) return undefined;
      return `one of ${field.values.join(', ')}`;
    case 'date':
      return isDate(value) ? undefined : 'a date YYYY-MM-DD';
    case 'moment':
      return isMoment(value) ? undefined : 'a date-time in UTC';
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'the text "true" or "false"';
    case 'number':
      return typeof value === 'number' ? undefined : 'a number';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? undefined
        : 'a list of texts';
    case 'ref':
      return isReference(value, field) ? undefined : `a reference {href, sourcedId, type: "${field.target}"}`;
    case 'refs':
      return Array.isArray(value) && value.every((item: JsonValue) => isReference(item, field))
        ? undefined
        : 'a list of references';
    case 'json':
      return typeof value === 'object' && value !== null ? undefined : 'an object or a list';
  }
}

function isChoice(choice: string, value: string): boolean {
  return choice === 'ext:' ? /^ext:[\w.-]+$/.test(value) : choice === value;
}

function isDate(value: JsonValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

function isMoment(value: JsonValue): boolean {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
  return typeof value === 'string' && form.test(value) && !Number.isNaN(Date.parse(value));
}

function isReference(value: JsonValue, field: WireField): boolean {
  return (
    isJsonObject(value) &&
    typeof value.href === 'string' &&
    refId(value) !== undefined &&
    value.type === field.target
  );
}

/** References are kept without their `href`: the server makes its own. */
function toStored(context: WriteContext, collection: Collection, record: JsonObject): JsonObject {
  const bare = mapReferences(record, collection, ({ sourcedId, type }) => ({
    sourcedId: sourcedId ?? '',
    type: type ?? '',
  }));
  return { ...bare, dateLastModified: context.modifiedAt };
}

function invalid(description: string): VendorProblem {
  return { status: 422, code: 'invaliddata', description };
}
