import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { deleteRecord, postRecords, putRecord, type WriteContext } from './gradebook-writes.ts';
import { parseListQuery, parseSingleQuery, selectFields } from './list-query.ts';
import { listResponse } from './list-response.ts';
import { type ListView, listViews } from './list-views.ts';
import type { Quirk } from './quirks.ts';
import { servicePath } from './render-record.ts';
import type { Collection, CollectionName, OneRosterStore, Version } from './wire-fields.ts';

export interface ProviderOptions {
  readonly version: Version;
  readonly prefix: string;
  readonly store: OneRosterStore;
  readonly collections: ReadonlyMap<CollectionName, Collection>;
  readonly quirks: ReadonlySet<Quirk>;
  readonly render: (record: JsonObject, collection: Collection, origin: string) => JsonObject;
  /** The server's time as an ISO date-time. */
  readonly now: () => string;
  readonly allocateId: WriteContext['allocateId'];
}

export interface ProviderRoutes {
  readonly routes: Readonly<Record<string, Route | ListRoute>>;
  /** For each route the scopes of which a token needs one. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
}

/** Pure. Every scope of a version. */
export function scopesOf(version: Version): readonly string[] {
  const base = `https://purl.imsglobal.org/spec/or/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/`;
  const names = [
    'roster.readonly',
    'roster-core.readonly',
    'roster-demographics.readonly',
    'resource.readonly',
    'gradebook.readonly',
    'gradebook.createput',
    'gradebook.delete',
  ];
  const newer = [
    'resource-core.readonly',
    'gradebook-core.readonly',
    'gradebook.createpost',
    'assessment.readonly',
    'assessment.createput',
    'assessment.delete',
  ];
  return [...names, ...(version === '1.1' ? [] : newer)].map((name) => base + name);
}

/** The route table of a OneRoster provider: every list and single read of the version, and the gradebook's writes. */
export function createProviderRoutes(options: ProviderOptions): ProviderRoutes {
  const { version, store, collections, quirks, prefix } = options;
  const routes: Record<string, Route | ListRoute> = {};
  const scopes = new Map<string, readonly string[]>();
  let turn = 0;

  function add(
    method: string,
    collection: Collection,
    path: string,
    scope: readonly string[],
    answer: Route,
    isList = false,
  ): void {
    const name = `${method} ${prefix}${servicePath(collection.service, version)}${path}`;
    const granting = scope.map((one) => scopesOf(version).find((known) => known.endsWith(`/scope/${one}`)));
    scopes.set(
      name,
      granting.filter((one) => one !== undefined),
    );
    const route: Route = (request) => checkAccept(request) ?? answer(request);
    routes[name] = isList ? { list: route } : route;
  }

  function addView(view: ListView): void {
    const collection = collections.get(view.collection);
    if (collection === undefined || !view.versions.includes(version)) return;
    const scope = readScopes(collection, view.single);
    add(
      'GET',
      collection,
      view.path,
      scope,
      (request) => {
        const query = parseListQuery(request.query, collection, version);
        if (isProblem(query)) return query;
        const found = view.list(store, request.params);
        if (isProblem(found)) return found;
        turn += 1;
        return listResponse(request, found, query, {
          collection,
          quirks,
          render: (record) => options.render(record, collection, request.origin),
          turn,
        });
      },
      true,
    );
    if (!view.single) return;
    add('GET', collection, `${view.path}/:sourcedId`, scope, (request) => {
      const query = parseSingleQuery(request.query, collection, version);
      if (isProblem(query)) return query;
      const id = request.params.sourcedId ?? '';
      const record = store.get(collection.name, id);
      // The whole collection holds what it holds; a kind within it only its own.
      const listed = view.path === `/${collection.name}` ? record : findIn(view.list(store, {}), id);
      if (listed === undefined) return { status: 404, description: `No ${collection.single} ${id}` };
      const body = selectFields(options.render(listed, collection, request.origin), query.fields);
      return { status: 200, json: { [collection.single]: body, ...query.warning } };
    });
  }

  function addWrites(collection: Collection): void {
    const family = collection.name.startsWith('assessment') ? 'assessment' : 'gradebook';
    const path = `/${collection.name}/:sourcedId`;
    add(
      'PUT',
      collection,
      path,
      [`${family}.createput`],
      (request) => putRecord(context(), collection, request) ?? { status: 201 },
    );
    add(
      'DELETE',
      collection,
      path,
      [`${family}.delete`],
      (request) => deleteRecord(context(), collection, request) ?? { status: 204 },
    );
  }

  function addPost(
    path: string,
    name: 'results' | 'lineItems',
    fieldOf: Readonly<Record<string, string>>,
  ): void {
    const collection = collections.get(name);
    if (collection === undefined) return;
    add('POST', collection, path, ['gradebook.createpost'], (request) => {
      const fixed: Record<string, string> = {};
      for (const [parent, id] of Object.entries(request.params)) {
        const owner = [...collections.values()].find(
          ({ single }) => single === (parent === 'school' ? 'org' : parent),
        );
        if (owner === undefined || store.get(owner.name, id) === undefined)
          return { status: 404, description: `No ${parent} ${id}` };
        const field = fieldOf[parent];
        if (field !== undefined) fixed[field] = id;
      }
      const pairs = postRecords(context(), collection, request, fixed);
      return isProblem(pairs) ? pairs : { status: 201, json: pairs };
    });
  }

  function context(): WriteContext {
    return { store, collections, quirks, modifiedAt: options.now(), allocateId: options.allocateId };
  }

  for (const view of listViews) addView(view);
  for (const collection of collections.values())
    if (collection.service === 'gradebook') addWrites(collection);
  if (version === '1.2') {
    addPost('/lineItems/:lineItem/results', 'results', { lineItem: 'lineItem' });
    addPost('/classes/:class/academicSessions/:academicSession/results', 'results', { class: 'class' });
    addPost('/classes/:class/lineItems', 'lineItems', { class: 'class' });
    addPost('/schools/:school/lineItems', 'lineItems', { school: 'school' });
  }
  return { routes, scopes };
}

/** The `-core` scopes open whole collections and their single objects only. */
function readScopes(collection: Collection, isCore: boolean): readonly string[] {
  if (collection.name === 'demographics') return ['roster-demographics.readonly'];
  if (collection.name.startsWith('assessment')) return ['assessment.readonly'];
  const family = { rostering: 'roster', gradebook: 'gradebook', resources: 'resource' }[collection.service];
  return isCore ? [`${family}.readonly`, `${family}-core.readonly`] : [`${family}.readonly`];
}

function findIn(records: readonly JsonObject[] | VendorProblem, id: string): JsonObject | undefined {
  return isProblem(records) ? undefined : records.find((record) => record.sourcedId === id);
}

/** OneRoster speaks JSON only; a client that asks for something else gets nothing else. */
function checkAccept(request: SimulatedRequest): VendorProblem | undefined {
  const accept = request.headers.accept ?? '*/*';
  const types = accept.split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  const fits = types.some(
    (type) => type === '*/*' || type === 'application/*' || type === 'application/json',
  );
  return fits ? undefined : { status: 406, description: `Only application/json is served, not ${accept}` };
}
