import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import type { Route, SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { checkBody } from './check-body.ts';
import { addressOf, type DataSource, find, missing, resolve, show } from './data-routes.ts';
import type { EdFiProblem } from './problem.ts';
import { keyValuesOf, type ResourceFacts, targetsOf } from './standard.ts';
import { textOf } from './text-of.ts';

/** POST (an upsert by natural key), PUT and DELETE of a resource. `now`: the host's time, ISO 8601. */
export function writeRoutes(
  source: DataSource,
  facts: ResourceFacts,
  now: () => string,
): Readonly<Record<string, Route>> {
  const { store, standard, dataPath } = source;
  const { name } = facts;
  const base = `${dataPath}/ed-fi/${name}`;
  const addressIn = (record: JsonObject) => addressOf(standard, record, name);
  const stamped = (body: JsonObject): JsonObject => ({ ...stripped(body), _lastModifiedDate: now() });

  function answer(status: number, record: JsonObject, { origin }: SimulatedRequest) {
    const { id, _etag } = show(source, facts, record);
    return { status, headers: { Location: `${origin}${base}/${id}`, ETag: `"${_etag}"` } };
  }

  /** The body as it may be stored, or why not. */
  function readBody(request: SimulatedRequest): { readonly body: JsonObject } | EdFiProblem {
    const body = parse(request);
    if (body === undefined) return invalid({ $: ['The body is no JSON object.'] });
    const errors = { ...checkBody(standard, facts.schema, body), ...unknownDescriptors(source, body) };
    if (Object.keys(errors).length > 0) return invalid(errors);
    const lost = Object.entries(body).find(
      ([member, value]) =>
        member.endsWith('Reference') &&
        isJsonObject(value) &&
        targetsOf(standard, member).length > 0 &&
        resolve(source, member, value) === undefined,
    );
    if (lost === undefined) return { body };
    const entity = targetsOf(standard, lost[0])[0]?.entity;
    const description = `The referenced '${entity}' item does not exist.`;
    return { status: 409, code: 'unresolved-reference', description };
  }

  return {
    [`POST ${base}`]: (request) => {
      if (!isJson(request)) return unsupported;
      if (parse(request)?.id !== undefined) return assigned;
      const read = readBody(request);
      if (!('body' in read)) return read;
      const record = stamped(read.body);
      const op = store.put(name, addressIn(record), record);
      return answer(op === 'created' ? 201 : 200, record, request);
    },
    [`PUT ${base}/:id`]: (request) => {
      if (!isJson(request)) return unsupported;
      const before = find(source, facts, request.params.id ?? '');
      if (before === undefined) return missing(facts);
      const read = readBody(request);
      if (!('body' in read)) return read;
      if (isOutdated(request, show(source, facts, before))) return outdated;
      const record = stamped(read.body);
      const [from, to] = [addressIn(before), addressIn(record)];
      if (from === to) store.put(name, to, record);
      else if (!facts.keyChanges) return fixedKey(facts);
      else if (store.get(name, to) !== undefined) return taken;
      else changeKey(source, facts, before, record);
      return { ...answer(204, record, request) };
    },
    [`DELETE ${base}/:id`]: (request) => {
      const before = find(source, facts, request.params.id ?? '');
      if (before === undefined) return missing(facts);
      if (isOutdated(request, show(source, facts, before))) return outdated;
      const dependent = dependentsOf(source, facts, before)[0];
      if (dependent !== undefined) return needed(dependent.facts);
      store.remove(name, addressIn(before));
      return { status: 204 };
    },
  };
}

/** A record goes by another key, and with it all that refer to it: the database cascades. */
function changeKey(source: DataSource, facts: ResourceFacts, before: JsonObject, after: JsonObject): void {
  const { store, ledger, standard } = source;
  const [from, to] = [before, after].map((record) => addressOf(standard, record, facts.name)) as [
    string,
    string,
  ];
  const dependents = dependentsOf(source, facts, before);
  const values = keyValuesOf(facts, after);
  ledger.changeKey(facts.name, from, to, () => {
    store.remove(facts.name, from);
    store.put(facts.name, to, after);
  });
  for (const { facts: own, record, reference } of dependents) {
    const moved = { ...record, [reference]: { ...(record[reference] as JsonObject), ...values } };
    const [was, is] = [record, moved].map((one) => addressOf(standard, one, own.name));
    if (was === is) store.put(own.name, is ?? '', moved);
    else changeKey(source, own, record, moved);
  }
}

/** Records with a reference that names this one. */
function dependentsOf({ store, standard }: DataSource, facts: ResourceFacts, record: JsonObject) {
  const key = Object.entries(keyValuesOf(facts, record));
  return [...standard.resources.values()].flatMap((own) => {
    const references = Object.keys(own.schema.properties ?? {}).filter((name) =>
      name.endsWith('Reference') ? targetsOf(standard, name).includes(facts) : false,
    );
    return references.flatMap((reference) =>
      store.list(own.name).flatMap((one) => {
        const named = one[reference];
        const isMeant = isJsonObject(named) && key.every(([name, value]) => named[name] === value);
        return isMeant ? [{ facts: own, record: one, reference }] : [];
      }),
    );
  });
}

/** Descriptors that are resources here must be there; of others any word is taken. */
function unknownDescriptors({ store, standard }: DataSource, body: JsonObject): Record<string, string[]> {
  const unknown = Object.entries(body).filter(([member, value]) => {
    if (typeof value !== 'string' || !standard.resources.has(`${member}s`)) return false;
    return !store
      .list(`${member}s`)
      .some((one) => `${textOf(one.namespace)}#${textOf(one.codeValue)}` === value);
  });
  return Object.fromEntries(
    unknown.map(([member, value]) => [
      `$.${member}`,
      [`${member.charAt(0).toUpperCase()}${member.slice(1)} value '${textOf(value)}' does not exist.`],
    ]),
  );
}

function parse({ body }: SimulatedRequest): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value as JsonObject) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Null is absent; links and what the host sets itself are its own. */
function stripped(body: JsonObject): JsonObject {
  const own = ['id', '_etag', '_lastModifiedDate'];
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      if (own.includes(name) || value === null) return [];
      if (!name.endsWith('Reference') || !isJsonObject(value)) return [[name, value]];
      const { link: _, ...key } = value;
      return [[name, key]];
    }),
  );
}

function isOutdated({ headers }: SimulatedRequest, { _etag }: JsonObject): boolean {
  const match = headers['if-match'];
  return match !== undefined && match.replaceAll('"', '') !== _etag;
}

function isJson({ headers }: SimulatedRequest): boolean {
  return /^application\/json\b/i.test(headers['content-type'] ?? '');
}

function invalid(validationErrors: Record<string, string[]>): EdFiProblem {
  const description = "Data validation failed. See 'validationErrors' for details.";
  return { status: 400, code: 'data-validation-failed', description, validationErrors };
}

function fixedKey({ entity }: ResourceFacts): EdFiProblem {
  return {
    status: 400,
    code: 'data-validation-failed:key-change-not-supported',
    description: `Identifying values for the ${entity} item cannot be changed. Delete and recreate the item instead.`,
  };
}

function needed({ entity }: ResourceFacts): EdFiProblem {
  return {
    status: 409,
    code: 'dependent-item-exists',
    description: `The requested action cannot be performed because this item is referenced by an existing '${entity}' item.`,
  };
}

const assigned: EdFiProblem = {
  status: 400,
  code: 'data-validation-failed',
  description: 'The request data was constructed incorrectly.',
  errors: [
    "Resource identifiers cannot be assigned by the client. The 'id' property should not be included in the request body.",
  ],
};
const taken: EdFiProblem = {
  status: 409,
  code: 'non-unique-identity',
  description: 'The identifying value(s) of the item are the same as another item that already exists.',
};
const outdated: EdFiProblem = { status: 412, description: 'The item has been modified by another user.' };
const unsupported: EdFiProblem = {
  status: 415,
  description: 'The request construction was invalid.',
  errors: ["The value specified in the 'Content-Type' header is not supported by this host."],
};
