import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import {
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
} from '@flotilla/substrate/testing/simulator/exchange';
import { offsetWindow } from '@flotilla/substrate/testing/simulator/list-window';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import type { RecordStore } from '@flotilla/substrate/testing/simulator/record-store';
import { idOf } from '../wire/resources.ts';
import type { Ledger, Trace } from './ledger.ts';
import type { EdFiProblem } from './problem.ts';
import { keyValuesOf, type ResourceFacts, type Standard, targetsOf } from './standard.ts';
import { textOf } from './text-of.ts';

export interface DataSource {
  readonly store: RecordStore;
  readonly ledger: Ledger;
  readonly standard: Standard;
  /** Before `/ed-fi/students`. */
  readonly dataPath: string;
}

/** What stands in a list; made only as far as it is asked for. */
interface Entry {
  readonly version: () => number;
  readonly values: () => JsonObject;
  readonly shown: () => JsonObject;
}

const paging = ['offset', 'limit', 'totalCount', 'minChangeVersion', 'maxChangeVersion'];

/** The name of a record in the simulator's own store, and in edits: as Flotilla names it where it reads it, else by all of its key. */
export function addressOf(standard: Standard, record: JsonObject, resource: string): string {
  const facts = standard.resources.get(resource);
  return (
    idOf(resource, record) || Object.values(facts === undefined ? {} : keyValuesOf(facts, record)).join('/')
  );
}

/** The reading routes of a resource, and how one of its records is shown. */
export function dataRoutes(
  source: DataSource,
  facts: ResourceFacts,
): Readonly<Record<string, Route | ListRoute>> {
  const { store, ledger, standard, dataPath } = source;
  const { name } = facts;
  const base = `GET ${dataPath}/ed-fi/${name}`;
  const filters = [...facts.key, ...scalarsOf(source, facts), 'id'];

  function list(entries: () => readonly Entry[], known: readonly string[]): ListRoute {
    return {
      list: (request) => {
        const window = readWindow(request, [...paging, ...known]);
        if (isProblem(window)) return window;
        const found = isWhole(request) ? entries() : entries().filter((entry) => isAsked(request, entry));
        const records = offsetWindow(found, window).records.map((entry) => entry.shown());
        return {
          status: 200,
          headers: request.query.get('totalCount') === 'true' ? { 'Total-Count': String(found.length) } : {},
          page: { records, wrap: (page) => [...page] },
        };
      },
    };
  }

  function isWhole({ query }: SimulatedRequest): boolean {
    return [...query.keys()].every((parameter) => ['offset', 'limit', 'totalCount'].includes(parameter));
  }

  function isAsked({ query }: SimulatedRequest, { version, values }: Entry): boolean {
    const [least, most] = [query.get('minChangeVersion'), query.get('maxChangeVersion')];
    if (least !== null && version() < Number(least)) return false;
    if (most !== null && version() > Number(most)) return false;
    const asked = filters.filter((filter) => query.has(filter));
    return asked.every((filter) => textOf(values()[filter]) === query.get(filter));
  }

  function recordToEntry(record: JsonObject): Entry {
    return {
      version: () => ledger.versionOf(name, addressOf(standard, record, name)),
      values: () => ({ ...show(source, facts, record), ...keyValuesOf(facts, record) }),
      shown: () => show(source, facts, record),
    };
  }

  function traceToEntry(trace: Trace, keys: JsonObject): Entry {
    const { id, changeVersion } = trace;
    return {
      version: () => changeVersion,
      values: () => ({}),
      shown: () => ({ id, changeVersion, ...keys }),
    };
  }

  return {
    [base]: list(() => store.list(name).map(recordToEntry), filters),
    [`${base}/deletes`]: list(
      () =>
        ledger
          .deletes(name)
          .map((trace) => traceToEntry(trace, { keyValues: keyValuesOf(facts, trace.before) })),
      [],
    ),
    [`${base}/keyChanges`]: list(
      () =>
        ledger.keyChanges(name).map((trace) =>
          traceToEntry(trace, {
            oldKeyValues: keyValuesOf(facts, trace.before),
            newKeyValues: keyValuesOf(facts, trace.after ?? {}),
          }),
        ),
      [],
    ),
    [`${base}/:id`]: (request) => {
      const refusal = checkNames(request.query, []);
      const record = refusal === undefined ? find(source, facts, request.params.id ?? '') : undefined;
      if (refusal !== undefined || record === undefined) return refusal ?? missing(facts);
      const shown = show(source, facts, record);
      const etag = `"${shown._etag}"`;
      if (request.headers['if-none-match'] === etag) return { status: 304 };
      return { status: 200, headers: { ETag: etag }, json: shown };
    },
  };
}

/** As the host sends it: with its own id, its etag, and links in references. */
export function show(
  source: DataSource,
  facts: ResourceFacts,
  record: JsonObject,
): JsonObject & { readonly id: string; readonly _etag: string } {
  const id = source.ledger.idOf(facts.name, addressOf(source.standard, record, facts.name));
  const members = Object.entries(record).map(([name, value]): [string, JsonValue] => [
    name,
    name.endsWith('Reference') && isJsonObject(value) ? withLink(source, name, value) : value,
  ]);
  const digest = createHash('sha256').update(JSON.stringify(record)).digest();
  const _etag = String(digest.readBigUInt64BE() % 9_000_000_000_000_000_000n);
  return { ...Object.fromEntries(members), id, _etag };
}

function withLink(source: DataSource, reference: string, named: JsonObject): JsonObject {
  const { link: _, ...key } = named;
  const found = resolve(source, reference, key);
  if (found === undefined) return key;
  const { facts, address } = found;
  const href = `/ed-fi/${facts.name}/${source.ledger.idOf(facts.name, address)}`;
  return { ...key, link: { rel: facts.entity, href } };
}

/** The record that a reference names; undefined where there is none. */
export function resolve({ store, standard }: DataSource, reference: string, key: JsonObject) {
  for (const facts of targetsOf(standard, reference)) {
    // An education organization is named by a number whatever it is.
    const number = key.educationOrganizationId;
    const flat = number === undefined ? key : Object.fromEntries(facts.key.map((name) => [name, number]));
    const values = facts.key.map((name) => textOf(flat[name]));
    const address = idOf(facts.name, flat, true) || values.join('/');
    if (store.get(facts.name, address) !== undefined) return { facts, address };
  }
  return undefined;
}

export function find(
  { store, ledger, standard }: DataSource,
  { name }: ResourceFacts,
  id: string,
): JsonObject | undefined {
  const keys = () => store.list(name).map((record) => addressOf(standard, record, name));
  const key = ledger.keyOf(name, id, keys);
  return key === undefined ? undefined : store.get(name, key);
}

export function missing({ entity }: ResourceFacts): EdFiProblem {
  return {
    status: 404,
    description: 'The specified resource item could not be found.',
    errors: [`No such ${entity}`],
  };
}

function scalarsOf({ standard }: DataSource, { schema }: ResourceFacts): readonly string[] {
  return Object.entries(schema.properties ?? {})
    .filter(
      ([name, property]) =>
        !name.startsWith('_') && !/^(array|object)$/.test(standard.schemaOf(property).type ?? ''),
    )
    .map(([name]) => name);
}

function readWindow({ query }: SimulatedRequest, known: readonly string[]) {
  const refusal = checkNames(query, known);
  if (refusal !== undefined) return refusal;
  const limit = wholeNumber(query, 'limit', { fallback: 25, most: 500 });
  if (typeof limit !== 'number')
    return wrong('limit', 'Limit must be omitted or set to a value between 0 and 500.');
  const offset = wholeNumber(query, 'offset', { fallback: 0 });
  if (typeof offset !== 'number')
    return wrong('offset', 'Offset must be a numeric value greater than or equal to 0.');
  const isVersion = (text: string | null) => text === null || /^\d{1,19}$/.test(text);
  if (!['minChangeVersion', 'maxChangeVersion'].every((name) => isVersion(query.get(name))))
    return wrong('change version', 'A change version must be a numeric value.');
  if (!['true', 'false', null].includes(query.get('totalCount')))
    return wrong('totalCount', 'totalCount must be true or false.');
  return { limit, offset };
}

function wrong(name: string, error: string): EdFiProblem {
  const description = `The ${name} parameter was incorrect.`;
  return { status: 400, code: 'parameter-validation-failed', description, errors: [error] };
}
