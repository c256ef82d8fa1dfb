import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  Answer,
  ListRoute,
  Route,
  SimulatedRequest,
} from '@flotilla/substrate/testing/simulator/exchange';
import { joinIds } from '@flotilla/substrate/vendor';
import { adminUserId, rootAccountId } from './canvas-id.ts';
import type { CollectionName } from './district-records.ts';
import { findIn, type SisCollection } from './finder.ts';
import { type ListOptions, listPage } from './list-page.ts';
import { notFound } from './refusal.ts';
import { showRecord, without } from './show-record.ts';
import { textOf } from './text-of.ts';

type More = Omit<ListOptions, 'cursors'>;

/** Accounts, terms, courses, sections, users and enrollments, which are only read here. */
export function rosterRoutes(
  { store }: SimulatorSeat<CollectionName>,
  paging: ListOptions,
): Readonly<Record<string, Route | ListRoute>> {
  function listBelow(
    collection: SisCollection,
    recordsOf: (parent: JsonObject, request: SimulatedRequest) => readonly JsonObject[] | Answer,
    more: More = {},
  ): ListRoute {
    return {
      list: (request) => {
        const parent = findIn(store, collection, request.params.id);
        if (parent === undefined) return notFound;
        const records = recordsOf(parent, request);
        return 'status' in records ? records : listPage(request, records, { ...paging, ...more });
      },
    };
  }

  function ofRoot(collection: CollectionName): (account: JsonObject) => readonly JsonObject[] | Answer {
    return ({ parent_account_id }) =>
      parent_account_id === null
        ? store.list(collection)
        : { status: 400, json: { message: 'Terms only belong to root_accounts.' } };
  }

  function one(
    collection: SisCollection,
    show: (record: JsonObject, request: SimulatedRequest) => JsonObject = (it) => it,
  ): Route {
    return (request) => {
      const record = findIn(store, collection, request.params.id);
      if (record === undefined) return notFound;
      return { status: 200, json: showRecord(request, show(record, request)) };
    };
  }

  /** An account's courses are those of the accounts below it too. */
  function isBelow(accountId: unknown, account: JsonObject): boolean {
    return account.id === rootAccountId || accountId === account.id;
  }

  function showUser({ email = null, ...user }: JsonObject, { query }: SimulatedRequest): JsonObject {
    return query.getAll('include[]').includes('email') ? { ...user, email } : user;
  }

  /** By a part of the name, or by the whole of an id. */
  function usersFound({ query }: SimulatedRequest): readonly JsonObject[] {
    const term = query.get('search_term')?.toLowerCase();
    if (term === undefined) return store.list('users');
    return store
      .list('users')
      .filter(
        ({ id, name, sis_user_id, login_id }) =>
          textOf(name).toLowerCase().includes(term) ||
          [id, sis_user_id, login_id].some((one) => textOf(one).toLowerCase() === term),
      );
  }

  /** By default those who are in it or invited. */
  function enrollmentsOf(records: readonly JsonObject[], { query }: SimulatedRequest): readonly JsonObject[] {
    const states = query.getAll('state[]');
    const types = query.getAll('type[]');
    const shown = states.length === 0 ? ['active', 'invited'] : states;
    return records
      .filter(
        ({ enrollment_state, type }) =>
          shown.includes(textOf(enrollment_state)) && (types.length === 0 || types.includes(textOf(type))),
      )
      .map((record) => {
        const {
          id = '',
          name = '',
          sortable_name = '',
          short_name = '',
        } = findIn(store, 'users', textOf(record.user_id)) ?? {};
        return { ...record, user: { id, name, sortable_name, short_name } };
      });
  }

  const enrollmentLists: More = {
    isBookmarked: true,
    known: ['user_id'],
    lists: ['state[]', 'type[]', 'role[]', 'include[]'],
  };
  const api = '/api/v1';
  return {
    [`GET ${api}/accounts`]: {
      // Those of which the caller is an administrator, not the ones below.
      list: (request) =>
        listPage(
          request,
          store.list('accounts').filter(({ parent_account_id }) => parent_account_id === null),
          { ...paging, lists: ['include[]'] },
        ),
    },
    [`GET ${api}/accounts/:id`]: one('accounts'),
    [`GET ${api}/accounts/:id/sub_accounts`]: listBelow(
      'accounts',
      ({ id }) => store.where('accounts', 'parent_account_id', textOf(id)),
      { known: ['recursive'] },
    ),
    [`GET ${api}/accounts/:id/terms`]: listBelow('accounts', ofRoot('terms'), {
      member: 'enrollment_terms',
      lists: ['workflow_state[]', 'include[]'],
    }),
    [`GET ${api}/accounts/:id/terms/:termId`]: (request) => {
      const term = findIn(store, 'terms', request.params.termId);
      return term === undefined ? notFound : { status: 200, json: showRecord(request, term) };
    },
    [`GET ${api}/accounts/:id/grading_periods`]: listBelow('accounts', ofRoot('grading_periods'), {
      member: 'grading_periods',
      tellsInBody: true,
    }),
    [`GET ${api}/accounts/:id/courses`]: listBelow(
      'accounts',
      (account, { query }) =>
        store
          .list('courses')
          .filter(
            ({ account_id, enrollment_term_id }) =>
              isBelow(account_id, account) &&
              (query.get('enrollment_term_id') ?? enrollment_term_id) === enrollment_term_id,
          ),
      { known: ['enrollment_term_id', 'search_term'], lists: ['state[]', 'include[]'] },
    ),
    [`GET ${api}/accounts/:id/users`]: listBelow(
      'accounts',
      (_, request) => usersFound(request).map((user) => showUser(user, request)),
      {
        isBookmarked: true,
        known: ['search_term', 'enrollment_type', 'sort', 'order'],
        lists: ['include[]'],
      },
    ),
    [`GET ${api}/accounts/:id/enrollments/:enrollmentId`]: (request) => {
      const record = store.get('enrollments', request.params.enrollmentId ?? '');
      return record === undefined ? notFound : { status: 200, json: showRecord(request, record) };
    },
    [`GET ${api}/courses/:id`]: one('courses'),
    [`GET ${api}/courses/:id/sections`]: listBelow(
      'courses',
      ({ id }) => store.where('sections', 'course_id', textOf(id)),
      { lists: ['include[]'] },
    ),
    [`GET ${api}/courses/:id/enrollments`]: listBelow(
      'courses',
      ({ id }, request) => enrollmentsOf(store.where('enrollments', 'course_id', textOf(id)), request),
      enrollmentLists,
    ),
    [`GET ${api}/courses/:id/assignment_groups`]: listBelow(
      'courses',
      ({ id }) => store.where('assignment_groups', 'course_id', textOf(id)).map(showGroup),
      { lists: ['include[]'] },
    ),
    [`GET ${api}/courses/:id/assignment_groups/:groupId`]: (request) => {
      const { id = '', groupId = '' } = request.params;
      const group = store.get('assignment_groups', joinIds(id, groupId));
      return group === undefined ? notFound : { status: 200, json: showRecord(request, showGroup(group)) };
    },
    [`GET ${api}/sections/:id`]: one('sections'),
    [`GET ${api}/sections/:id/enrollments`]: listBelow(
      'sections',
      ({ id }, request) =>
        enrollmentsOf(store.where('enrollments', 'course_section_id', textOf(id)), request),
      enrollmentLists,
    ),
    [`GET ${api}/users/:id`]: (request) =>
      request.params.id === 'self'
        ? { status: 200, json: showRecord(request, self) }
        : one('users', showUser)(request),
  };
}

const self: JsonObject = {
  id: adminUserId,
  name: 'SIS Admin',
  sortable_name: 'Admin, SIS',
  short_name: 'SIS Admin',
};

/** The course stands in the path alone. */
function showGroup(group: JsonObject): JsonObject {
  return without(group, 'course_id');
}
