import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { ChangeLog } from '@flotilla/substrate/testing/simulator/change-log';
import {
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames, oneOf } from '@flotilla/substrate/testing/simulator/read-query';
import {
  type CleverStore,
  type CollectionName,
  dataCollections,
  idOf,
  underVersion,
  type Version,
} from './collections.ts';
import { changeToEvent, concernsSchool } from './events.ts';
import { pageOf } from './list-page.ts';
import { isPrimary, type ListView, listViews, recordViews, roleOf, userRoles } from './list-views.ts';

export interface DataSource {
  readonly store: CleverStore;
  readonly changes: ChangeLog<CollectionName>;
}

const paging = ['limit', 'starting_after', 'ending_before'];

/** All routes of the Data API and the Events API in one version. */
export function dataRoutes(
  { store, changes }: DataSource,
  version: Version,
): Readonly<Record<string, Route | ListRoute>> {
  const root = `/v${version}`;
  const routes: Record<string, Route | ListRoute> = {};

  function show(record: JsonObject | undefined, collection: CollectionName, id: string) {
    if (record === undefined) return missing(id);
    return { status: 200, json: { data: underVersion(record, collection, version) } };
  }

  function wrap(collection: CollectionName): (record: JsonObject) => JsonObject {
    return (record) => ({
      data: underVersion(record, collection, version),
      uri: `${root}/${collection}/${idOf(record)}`,
    });
  }

  for (const collection of dataCollections) {
    const count = collection === 'resources' ? [] : ['count'];
    const role = collection === 'users' ? ['role'] : [];
    // `/districts` is one page; the document gives it no paging parameters.
    const known = [...(collection === 'districts' ? [] : paging), ...count, ...role];
    routes[`GET ${root}/${collection}`] = {
      list: (request) => {
        const refusal = checkNames(request.query, known) ?? checkCount(request);
        if (refusal !== undefined) return refusal;
        const kept = ofRole(request, store.list(collection), userRoles);
        return isProblem(kept) ? kept : pageOf(request, kept, wrap(collection));
      },
    };
    routes[`GET ${root}/${collection}/:id`] = ({ params: { id = '' }, query }) =>
      checkNames(query, []) ?? show(store.get(collection, id), collection, id);
  }

  for (const view of listViews) {
    routes[`GET ${root}/${view.of}/:id/${view.name}`] = {
      list: (request) => {
        const { id = '' } = request.params;
        const refusal = checkNames(request.query, [...paging, ...parametersOf(view)]);
        if (refusal !== undefined) return refusal;
        const record = store.get(view.of, id);
        if (record === undefined) return missing(id);
        const kept = ofRole(request, view.list(store, record), view.roles ?? []);
        if (isProblem(kept)) return kept;
        const isAsked = request.query.get('primary') === 'true';
        const primary = kept.filter((one) =>
          view.of === 'users' ? isPrimary(record, idOf(one)) : isPrimary(one, id),
        );
        return pageOf(request, isAsked ? primary : kept, wrap(view.collection));
      },
    };
  }

  for (const { of, name, collection, idIn } of recordViews) {
    routes[`GET ${root}/${of}/:id/${name}`] = ({ params: { id = '' }, query }) => {
      const refusal = checkNames(query, []);
      if (refusal !== undefined) return refusal;
      const record = store.get(of, id);
      return record === undefined ? missing(id) : show(store.get(collection, idIn(record)), collection, id);
    };
  }

  const events = () =>
    changes
      .list()
      .filter(({ collection }) => collection !== 'attendance')
      .map((change) => ({ change, event: changeToEvent(change, version) }));
  routes[`GET ${root}/events`] = {
    list: (request) => {
      const { query } = request;
      const refusal = checkNames(query, [...paging, 'school'], ['record_type']);
      if (refusal !== undefined) return refusal;
      const types = query.getAll('record_type').flatMap((text) => text.split(','));
      const strange = types.find((type) => !dataCollections.some((name) => name === type));
      if (strange !== undefined) return { status: 400, description: `Unknown record_type ${strange}` };
      const school = query.get('school');
      const kept = events().filter(
        ({ change }) =>
          (types.length === 0 || types.includes(change.collection)) &&
          (school === null || concernsSchool(change, school)),
      );
      return pageOf(
        request,
        kept.map(({ event }) => event),
        (event) => ({ data: event, uri: `${root}/events/${idOf(event)}` }),
      );
    },
  };
  routes[`GET ${root}/events/:id`] = ({ params: { id = '' } }) => {
    const found = events().find(({ event }) => event.id === id);
    return found === undefined ? missing(id) : { status: 200, json: { data: found.event } };
  };
  return routes;
}

function missing(id: string): VendorProblem {
  return { status: 404, description: `Resource not found: ${id}` };
}

function parametersOf({ roles, hasPrimary }: ListView): readonly string[] {
  return [...(roles === undefined ? [] : ['role']), ...(hasPrimary === true ? ['primary'] : [])];
}

function checkCount({ query }: SimulatedRequest): VendorProblem | undefined {
  const count = oneOf(query, 'count', ['', 'true', 'false', 'undefined']);
  return typeof count === 'object' ? count : undefined;
}

function ofRole(
  { query }: SimulatedRequest,
  list: readonly JsonObject[],
  roles: readonly string[],
): readonly JsonObject[] | VendorProblem {
  const role = oneOf(query, 'role', roles);
  if (typeof role === 'object') return role;
  return role === undefined ? list : list.filter((user) => roleOf(user, role) !== undefined);
}
