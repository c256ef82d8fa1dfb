import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { WriteRequest } from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf, mediaTypeOf, oneOf, type Representation } from '../representation.ts';

/** Whoever creates a record sends this id, and the ERP gives it another. */
const nil = '00000000-0000-0000-0000-000000000000';

/** Members by name; an undefined one is not to be there. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** Pure. A new record. */
export function post(name: Representation, members: Members, connection: Connection): WriteRequest {
  assertTaken('post', name, connection);
  const { path } = listOf(name, connection);
  return { method: 'POST', path, json: withMembers({ id: nil }, members), ...typesOf(name, connection) };
}

/**
 * Pure. A change of the vendor's own record (`latest`), whether the ERP replaces it or takes over what is sent. Members that we map are ours,
 * absence included.
 */
export function put(
  name: Representation,
  id: string,
  latest: JsonObject,
  members: Members,
  connection: Connection,
): WriteRequest {
  assertTaken('put', name, connection);
  const { path } = oneOf(name, id, connection);
  const { metadata: _, resource: __, ...own } = latest;
  return { method: 'PUT', path, json: withMembers({ ...own, id }, members), ...typesOf(name, connection) };
}

/** Pure. The id in the answer to a POST, which is the record. */
export function idIn(answer: JsonValue): string | undefined {
  const id = isJsonObject(answer) ? answer.id : undefined;
  return typeof id === 'string' && id !== '' && id !== nil ? id.toLowerCase() : undefined;
}

/** Pure. Throws `push_rejected` where something is not known that the vendor demands. */
export function demand<T>(value: T | undefined, missing: string): T {
  if (value !== undefined) return value;
  throw new Failure('push_rejected', 'Ethos demands what is not known here', { data: { missing } });
}

function typesOf(name: Representation, connection: Connection) {
  const mediaType = mediaTypeOf(name, connection);
  return { contentType: mediaType, accept: mediaType };
}

function assertTaken(method: string, name: Representation, { offered }: Connection): void {
  const methods = offered?.[name]?.methods;
  if (offered === undefined || methods?.includes(method) === true) return;
  throw new Failure('push_rejected', "The tenant's ERP takes no such change by Ethos", {
    data: { resource: name, method, taken: methods ?? [] },
  });
}

function withMembers(own: JsonObject, members: Members): JsonObject {
  const written: Record<string, JsonValue> = { ...own };
  for (const [name, member] of Object.entries(members)) {
    if (member === undefined) delete written[name];
    else written[name] = member;
  }
  return written;
}

/** Pure. */
export function referenceTo(id: string | undefined): { readonly id: string } | undefined {
  return id === undefined ? undefined : { id };
}

/** Pure. The objects of a list in the vendor's record. */
export function objectsOf(list: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? (list as readonly JsonValue[]).filter(isJsonObject) : [];
}
