import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { checkRecord, findMissingTarget } from './check-record.ts';
import type { Quirk } from './quirks.ts';
import { idOf, mapReferences, refId } from './references.ts';
import type { Collection, CollectionName, OneRosterStore } from './wire-fields.ts';

export interface WriteContext {
  readonly store: OneRosterStore;
  readonly collections: ReadonlyMap<CollectionName, Collection>;
  /** The server's own time, which replaces the `dateLastModified` that the client sent. */
  readonly modifiedAt: string;
  readonly quirks: ReadonlySet<Quirk>;
  /** The id of an object that was posted under `supplied`. */
  readonly allocateId: (collection: CollectionName, supplied: string) => string;
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
  const problem = refuseRecord(context, collection, record);
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
  const record = store.get(collection.name, id);
  if (record === undefined) return { status: 404, description: `No ${collection.single} ${id}` };
  for (const other of context.collections.values()) {
    const fields = other.fields.filter((field) => field.kind === 'ref' && field.target === collection.single);
    const user = store
      .list(other.name)
      .find(
        (record) =>
          record.status !== 'tobedeleted' && fields.some((field) => refId(record[field.name]) === id),
      );
    if (user !== undefined) {
      const description = `The ${other.single} ${idOf(user)} still points to it`;
      return { status: 422, code: 'deletefailure', description };
    }
  }
  if (context.quirks.has('delete-marks')) {
    store.put(collection.name, id, {
      ...record,
      status: 'tobedeleted',
      dateLastModified: context.modifiedAt,
    });
  } else store.remove(collection.name, id);
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
    const problem = refuseRecord(context, collection, record);
    if (problem !== undefined) return problem;
    const other = Object.entries(fixed).find(([field, id]) => (refId(record[field]) ?? id) !== id);
    if (other !== undefined) return invalid(`${other[0]} differs from the path's ${other[1]}`);
    if (supplied.has(idOf(record))) return invalid(`sourcedId ${idOf(record)} is given twice`);
    supplied.add(idOf(record));
  }
  const pairs = (records as readonly JsonObject[]).map((record) => {
    const allocated = context.allocateId(collection.name, idOf(record));
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

function refuseRecord(
  context: WriteContext,
  collection: Collection,
  record: JsonObject,
): VendorProblem | undefined {
  const wrong = checkRecord(collection, record) ?? findMissingTarget(context, collection, record);
  return wrong === undefined ? undefined : invalid(wrong);
}

/** References are kept without their `href`: the server makes its own. */
function toStored(context: WriteContext, collection: Collection, record: JsonObject): JsonObject {
  const bare = mapReferences(record, collection, ({ sourcedId, type }) => ({
    sourcedId: sourcedId ?? '',
    type: type ?? '',
  }));
  const { score } = record;
  const isRounded = context.quirks.has('round-scores') && typeof score === 'number';
  return {
    ...bare,
    ...(isRounded ? { score: Math.round(score) } : {}),
    dateLastModified: context.modifiedAt,
  };
}

function invalid(description: string): VendorProblem {
  return { status: 422, code: 'invaliddata', description };
}
