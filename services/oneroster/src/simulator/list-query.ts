import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { isProblem, type VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames, oneOf, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import { type Filter, fieldAt, parseFilter, valuesAt } from './filter.ts';
import { warningInfo } from './status-info.ts';
import type { Collection, Version } from './wire-fields.ts';

export interface ListQuery {
  readonly limit: number;
  readonly offset: number;
  readonly filter: Filter | undefined;
  readonly sort: { readonly path: readonly string[]; readonly descending: boolean } | undefined;
  readonly fields: readonly string[] | undefined;
  /** What 1.1 sends along with an answer that ignores part of the request; an envelope's further members. */
  readonly warning: JsonObject | undefined;
}

const defaultLimit = 100;

/** Pure. Reads the query of a list request, or says why it is refused. */
export function parseListQuery(
  query: URLSearchParams,
  collection: Collection,
  version: Version,
): ListQuery | VendorProblem {
  const strange = checkNames(query, ['limit', 'offset', 'sort', 'orderBy', 'filter', 'fields']);
  if (strange !== undefined) return strange;
  const limit = wholeNumber(query, 'limit', { fallback: defaultLimit, least: 1 });
  const offset = wholeNumber(query, 'offset', { fallback: 0 });
  if (typeof limit !== 'number') return limit;
  if (typeof offset !== 'number') return offset;
  const orderBy = oneOf(query, 'orderBy', ['asc', 'desc']);
  if (typeof orderBy === 'object') return orderBy;

  const filterText = query.get('filter');
  const filter = filterText === null ? undefined : parseFilter(filterText, collection);
  if (filter !== undefined && isProblem(filter)) return filter;
  const selection = parseFields(query, collection, version);
  if (isProblem(selection)) return selection;
  let { warning } = selection;

  const sortName = query.get('sort');
  let sort: ListQuery['sort'];
  if (sortName !== null) {
    const path = sortName.split('.');
    if (fieldAt(path, collection) !== undefined) sort = { path, descending: orderBy === 'desc' };
    else {
      const description = `${collection.name} cannot be sorted by ${sortName}`;
      // 1.2's rostering has no code for it; 1.1 sends the list unsorted, with a warning.
      if (version === '1.2') return { status: 400, code: 'invalid_selection_field', description };
      warning ??= warningInfo('invalid_sort_field', description);
    }
  }
  return { limit, offset, filter, sort, fields: selection.fields, warning };
}

interface Selection {
  readonly fields: readonly string[] | undefined;
  readonly warning: JsonObject | undefined;
}

/** Pure. Reads the query of a request for one object: `fields` is all there may be. */
export function parseSingleQuery(
  query: URLSearchParams,
  collection: Collection,
  version: Version,
): Selection | VendorProblem {
  return checkNames(query, ['fields']) ?? parseFields(query, collection, version);
}

/** Pure. Sorted by code units (so does OneRoster: "the UNICODE standard"); records without the field come last. */
export function sortRecords(
  records: readonly JsonObject[],
  sort: NonNullable<ListQuery['sort']>,
): readonly JsonObject[] {
  const keyed = records.map((record) => ({ record, key: valuesAt(record, sort.path)[0] }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === b.key) return 0;
    if (a.key === undefined) return 1;
    if (b.key === undefined) return -1;
    return a.key < b.key ? -sign : sign;
  });
  return keyed.map(({ record }) => record);
}

/** Pure. */
export function selectFields(record: JsonObject, fields: readonly string[] | undefined): JsonObject {
  if (fields === undefined) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => fields.includes(name)));
}

function parseFields(
  query: URLSearchParams,
  collection: Collection,
  version: Version,
): Selection | VendorProblem {
  const text = query.get('fields');
  if (text === null) return { fields: undefined, warning: undefined };
  const fields = text.split(',').map((name) => name.trim());
  const unknown = fields.filter((name) => !collection.fields.some((field) => field.name === name));
  if (unknown.length === 0) return { fields, warning: undefined };
  const description = `${collection.name} have no field ${unknown.join(', ') || '(empty)'}`;
  if (version === '1.2') return { status: 400, code: 'invalid_selection_field', description };
  return { fields: undefined, warning: warningInfo('invalid_selection_field', description) };
}
