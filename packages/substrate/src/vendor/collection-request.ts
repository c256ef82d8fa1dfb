import { Failure } from '../failure/failure.ts';
import type { PageRequest, VendorRequest } from '../http/vendor-client.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { Api } from './define-api.ts';
import type { Collection } from './define-entity.ts';

/** Pure. What asks for a page of a collection; its caller adds the cursor and the signal. */
export function toPageRequest(
  { paging }: Pick<Api, 'paging'>,
  collection: Collection,
): Pick<PageRequest, 'path' | 'query' | 'headers' | 'accept' | 'paging' | 'recordsOf'> {
  return {
    ...toRequest(collection),
    paging: collection.paging ?? paging,
    recordsOf: (json) => recordsIn(json, collection),
  };
}

/** Pure. What asks for it without paging: a single record, a cheap check. */
export function toRequest({
  path,
  query,
  headers,
  accept,
}: Pick<Collection, 'path' | 'query' | 'headers' | 'accept'>): Pick<
  VendorRequest,
  'path' | 'query' | 'headers' | 'accept'
> {
  return {
    path,
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(accept === undefined ? {} : { accept }),
  };
}

/** Pure. The records in a vendor's answer. Throws `verification_failed` for an answer without the promised list. */
export function recordsIn(
  json: JsonValue,
  {
    member,
    isLeftOutWhenEmpty,
    recordMember,
    implied,
  }: Pick<Collection, 'member' | 'isLeftOutWhenEmpty' | 'recordMember' | 'implied'>,
): readonly JsonValue[] {
  if (member === undefined) {
    if (Array.isArray(json)) return complete(unwrap(json, recordMember), implied);
  } else if (isJsonObject(json)) {
    const records = Object.hasOwn(json, member) ? json[member] : undefined;
    if (Array.isArray(records)) return complete(unwrap(records, recordMember), implied);
    if (records === undefined && isLeftOutWhenEmpty === true) return [];
  }
  throw new Failure('verification_failed', 'The answer lacks its list of records', {
    data: {
      expected: member === undefined ? 'a list' : `an object with a list "${member}"`,
      found: describeShape(json),
    },
  });
}

/** An element that is not wrapped is left as it is: the record's own schema says what is wrong with it, if anything. */
function unwrap(elements: readonly JsonValue[], recordMember: string | undefined): readonly JsonValue[] {
  if (recordMember === undefined) return elements;
  return elements.map((element) =>
    isJsonObject(element) && Object.hasOwn(element, recordMember)
      ? (element[recordMember] as JsonValue)
      : element,
  );
}

/** With what the path says of them. */
function complete(records: readonly JsonValue[], implied: JsonObject | undefined): readonly JsonValue[] {
  if (implied === undefined) return records;
  return records.map((record) => (isJsonObject(record) ? { ...implied, ...record } : record));
}

/** Pure. The one record of an answer, or the only one of a list; undefined: the list is empty. Throws `vendor_answer_invalid`. */
export function recordIn(
  json: JsonValue,
  { member, implied }: Pick<Collection, 'member' | 'implied'>,
): JsonObject | undefined {
  const held =
    member === undefined
      ? json
      : isJsonObject(json) && Object.hasOwn(json, member)
        ? json[member]
        : undefined;
  const record: JsonValue | undefined = Array.isArray(held) ? held[0] : held;
  if (isJsonObject(record)) return { ...implied, ...record };
  if (Array.isArray(held) && held.length === 0) return undefined;
  throw new Failure('vendor_answer_invalid', 'The answer lacks its record', {
    data: {
      expected: member === undefined ? 'an object' : `an object with a member "${member}"`,
      found: describeShape(json),
    },
  });
}

function describeShape(json: JsonValue): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return `a list of ${json.length}`;
  if (typeof json !== 'object') return `a ${typeof json}`;
  return `an object with ${Object.keys(json).slice(0, 10).join(', ') || 'no members'}`;
}
