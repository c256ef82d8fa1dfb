import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import {
  type Answer,
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { offsetWindow } from '@flotilla/substrate/testing/simulator/list-window';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import { plainId } from '@flotilla/substrate/testing/simulator/record-store';
import { matchesCriteria, parseCriteria } from './criteria.ts';
import { toMaximum } from './maximum-section.ts';
import { mediaTypesOf, type ResourceName, resourceNames, resourceOf } from './resources.ts';

export interface ResourceOptions {
  /** The most records that are given at a time. */
  readonly largestPage: number;
  /** What becomes of a larger limit: Banner sends its maximum, others refuse. */
  readonly largerLimit: 'capped' | 'refused';
  /** Whether there is the maximum representation of sections. */
  readonly hasMaximum: boolean;
}

const nil = '00000000-0000-0000-0000-000000000000';

/** `/api/{resource}`: lists, single records, and writes where the ERP takes them. */
export function resourceRoutes(
  { store, now }: SimulatorSeat<ResourceName>,
  options: ResourceOptions,
): Readonly<Record<string, Route | ListRoute>> {
  /** In the representation that was asked for, with the headers that tell of it. */
  function represent(name: ResourceName, mediaType: string, records: readonly JsonObject[]) {
    const headers = { 'Content-Type': mediaType, 'x-media-type': mediaType };
    return { headers, records: mediaType.includes('-maximum.') ? toMaximum(records, store) : records };
  }

  function list(name: ResourceName, request: SimulatedRequest): Answer {
    const mediaType = negotiate(name, request, options);
    if (typeof mediaType !== 'string') return mediaType;
    const refusal = checkNames(request.query, ['offset', 'limit', 'criteria']);
    if (refusal !== undefined) return refusal;
    const offset = wholeNumber(request.query, 'offset', { fallback: 0 });
    if (typeof offset !== 'number') return offset;
    const limit = limitOf(request, options);
    if (typeof limit !== 'number') return limit;
    const criteria = request.query.get('criteria');
    let records = store.list(name);
    if (criteria !== null) {
      const wanted = parseCriteria(criteria, resourceOf(name).filters);
      if (isProblem(wanted)) return wanted;
      // Filters are of the representation that is asked for.
      const { records: shown } = represent(name, mediaType, records);
      records = records.filter((_, at) => matchesCriteria(shown[at], wanted));
    }
    const window = offsetWindow(records, { offset, limit });
    const { headers, records: shown } = represent(name, mediaType, window.records);
    return {
      status: 200,
      headers: {
        ...headers,
        'x-total-count': String(window.total),
        'x-max-page-size': String(options.largestPage),
      },
      page: { records: shown, wrap: (page) => [...page] },
    };
  }

  function one(name: ResourceName, request: SimulatedRequest): Answer {
    const mediaType = negotiate(name, request, options);
    if (typeof mediaType !== 'string') return mediaType;
    const refusal = checkNames(request.query, []);
    if (refusal !== undefined) return refusal;
    const record = store.get(name, request.params.id ?? '');
    return record === undefined ? notFound(name, request) : answer(name, mediaType, record, 200);
  }

  function answer(name: ResourceName, mediaType: string, record: JsonObject, status: number): Answer {
    const { headers, records } = represent(name, mediaType, [record]);
    return { status, headers, json: records[0] ?? null };
  }

  function post(name: ResourceName, request: SimulatedRequest): Answer {
    const asked = readBody(name, request, options);
    if (isProblem(asked)) return asked;
    if (asked.body.id !== nil) return invalid(`id must be ${nil} in a new record`);
    const id = randomUUID();
    return keep(name, { ...asked.body, id }, asked.mediaType, 201);
  }

  function put(name: ResourceName, request: SimulatedRequest): Answer {
    const asked = readBody(name, request, options);
    if (isProblem(asked)) return asked;
    const { id = '' } = request.params;
    const before = store.get(name, id);
    if (before === undefined) return notFound(name, request);
    if (asked.body.id !== id) return invalid("id differs from the path's");
    for (const member of ['registrant', 'section'])
      if (name === 'section-registrations' && !matchesCriteria(before[member], asked.body[member] ?? {}))
        return invalid(`the ${member} of a registration cannot be changed`);
    // What is sent is taken over, what is empty is removed, and the rest stays.
    return keep(name, { ...before, ...asked.body }, asked.mediaType, 200);
  }

  function keep(name: ResourceName, record: JsonObject, mediaType: string, status: number): Answer {
    const kept: JsonObject = { ...(withoutEmpty(record) as JsonObject), metadata: { modifiedOn: now() } };
    const { required, references = {} } = resourceOf(name);
    const missing = required.find((member) => kept[member] === undefined);
    if (missing !== undefined) return invalid(`${missing} is required`);
    for (const [member, target] of Object.entries(references)) {
      const reference = kept[member];
      if (reference === undefined) continue;
      const id = isJsonObject(reference) ? reference.id : undefined;
      if (typeof id !== 'string' || store.get(target as ResourceName, id) === undefined)
        return invalid(`${member}.id is no GUID of ${target}`);
    }
    store.put(name, plainId(kept), kept);
    return answer(name, mediaType, kept, status);
  }

  const routes: Record<string, Route | ListRoute> = {};
  for (const name of resourceNames) {
    const { methods } = resourceOf(name);
    routes[`GET /api/${name}`] = { list: (request) => list(name, request) };
    routes[`GET /api/${name}/:id`] = (request) => one(name, request);
    if (methods.includes('post')) routes[`POST /api/${name}`] = (request) => post(name, request);
    if (methods.includes('put')) routes[`PUT /api/${name}/:id`] = (request) => put(name, request);
  }
  return routes;
}

/** Pure. The limit by which a list is cut. */
export function limitOf(
  { query }: SimulatedRequest,
  { largestPage, largerLimit }: ResourceOptions,
): number | VendorProblem {
  const asked = wholeNumber(query, 'limit', { fallback: largestPage, least: 1 });
  if (typeof asked !== 'number' || asked <= largestPage) return asked;
  if (largerLimit === 'capped') return largestPage;
  return { status: 400, description: `limit must not be greater than ${largestPage}` };
}

/** The media type of the answer: `application/json` means the latest of the resource's own. */
function negotiate(
  name: ResourceName,
  { headers }: SimulatedRequest,
  { hasMaximum }: ResourceOptions,
): string | VendorProblem {
  const { own, maximum } = mediaTypesOf(name, hasMaximum);
  const accept = headers.accept?.trim() ?? '*/*';
  if (['application/json', '*/*'].includes(accept)) return own.at(-1) ?? accept;
  const known = [...own, ...maximum].find((each) => each === accept);
  return known ?? { status: 406, description: `The requested version is not supported: ${accept}` };
}

function readBody(name: ResourceName, request: SimulatedRequest, options: ResourceOptions) {
  const mediaType = negotiate(name, request, options);
  if (typeof mediaType !== 'string') return mediaType;
  const { own } = mediaTypesOf(name, false);
  const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
  if (type !== 'application/json' && !own.includes(type))
    return { status: 415, description: `The content type is not supported: ${type}` };
  const refusal = checkNames(request.query, []);
  if (refusal !== undefined) return refusal;
  try {
    const body: unknown = JSON.parse(request.body);
    if (isJsonObject(body as JsonValue)) return { body: body as JsonObject, mediaType };
  } catch {
    // Said below.
  }
  return invalid('Errors parsing input JSON.');
}

function withoutEmpty(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => withoutEmpty(each));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== '' && member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutEmpty(member as JsonValue)]));
}

function notFound(name: ResourceName, { params }: SimulatedRequest): VendorProblem {
  return { status: 404, code: 'Global.Internal.Error', description: `No ${name} with the GUID ${params.id}` };
}

function invalid(description: string): VendorProblem {
  return { status: 400, code: 'Global.SchemaValidation.Error', description };
}
