import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import {
  type Answer,
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { type BodyRules, bodyRules, checkBody } from './check-body.ts';
import type { CollectionName } from './district-records.ts';
import { edlinkId, joinIds } from './edlink-id.ts';
import { createIdempotency } from './idempotency.ts';
import { envelop, refuse, type Warning } from './refusal.ts';
import { textOf } from './text-of.ts';

export interface GradebookOptions {
  readonly seat: SimulatorSeat<CollectionName>;
  /** `/api/v2/graph` or `/api/v2/my`. */
  readonly root: string;
  /** The refusal where the caller may not see what is in a class. */
  readonly refusal: (classId: string) => VendorProblem | undefined;
  readonly list: (request: SimulatedRequest, records: readonly JsonObject[]) => Answer;
}

type Kind = 'categories' | 'assignments';

/** Categories, assignments and submissions below their classes, read and written: the same in both APIs. */
export function gradebookRoutes(options: GradebookOptions): Readonly<Record<string, Route | ListRoute>> {
  const { seat, root, refusal, list } = options;
  const { store, now } = seat;
  const idempotent = createIdempotency(seat.clock);
  let made = 0;

  function within(act: (request: SimulatedRequest, classId: string) => Answer): Route {
    return (request) => {
      const { classId = '' } = request.params;
      return refusal(classId) ?? act(request, classId);
    };
  }

  function find(kind: Kind | 'submissions', ...ids: readonly (string | undefined)[]) {
    return store.get(kind, joinIds(...ids.map((id) => id ?? '')));
  }

  function shown(record: JsonObject | undefined, warnings: readonly Warning[] = []): Answer {
    if (record === undefined) return refuse('NOT_FOUND', 'The requested resource could not be found.');
    return { status: 200, json: envelop(showGradebook(record), warnings) };
  }

  /** A record with the members of a body; null takes one away. */
  function change(
    kind: Kind | 'submissions',
    rules: BodyRules,
    id: string,
  ): (request: SimulatedRequest) => Answer {
    return (request) => {
      const record = store.get(kind, id);
      if (record === undefined) return shown(undefined);
      const checked = checkBody(request, rules);
      if (isProblem(checked)) return checked;
      const wrong = referenceProblem(record.class_id, checked.members);
      if (wrong !== undefined) return wrong;
      const changed = withMembers(record, { ...checked.members, updated_date: now() });
      store.put(kind, id, changed);
      const warnings = request.query.has('$idempotency')
        ? [...checked.warnings, { code: 'IDEMPOTENCY_KEY_IGNORED', message: 'Only POST needs a key' }]
        : checked.warnings;
      return shown(changed, warnings);
    };
  }

  function create(kind: Kind, rules: BodyRules, defaults: JsonObject): Route {
    return within((request, classId) => {
      return idempotent(request, () => {
        const checked = checkBody(request, rules);
        if (isProblem(checked)) return checked;
        const wrong = referenceProblem(classId, checked.members);
        if (wrong !== undefined) return wrong;
        made += 1;
        const id = edlinkId('made', root, String(made));
        const dates = { created_date: now(), updated_date: now() };
        const record = withMembers({ class_id: classId, ...defaults, ...dates, id }, checked.members);
        store.put(kind, joinIds(classId, id), record);
        if (kind === 'assignments') handOut(classId, id);
        return shown(record, checked.warnings);
      });
    });
  }

  /** Every student of the class has a submission of each assignment, from the beginning. */
  function handOut(classId: string, assignmentId: string): void {
    for (const { role, person_id } of store.where('enrollments', 'class_id', classId)) {
      if (role !== 'student' || typeof person_id !== 'string') continue;
      const id = edlinkId('submission', assignmentId, person_id);
      const own = { flags: [], state: 'created', created_date: now(), updated_date: now(), attempts: [] };
      const record = { class_id: classId, assignment_id: assignmentId, ...own, id, person_id };
      store.put('submissions', joinIds(classId, assignmentId, id), record);
    }
  }

  function referenceProblem(classId: JsonValue | undefined, members: JsonObject): VendorProblem | undefined {
    const { category_id, assignee_mode, assignee_ids } = members;
    if (typeof category_id === 'string' && find('categories', textOf(classId), category_id) === undefined)
      return refuse('NOT_FOUND', 'The class has no such category');
    const ids = Array.isArray(assignee_ids) ? assignee_ids : [];
    const enrolled = store
      .where('enrollments', 'class_id', textOf(classId))
      .map(({ person_id }) => person_id);
    if (assignee_mode === 'individuals' && (ids.length === 0 || !ids.every((id) => enrolled.includes(id))))
      return refuse('INVALID_ASSIGNEES', 'assignee_ids must be people of the class');
    return undefined;
  }

  function removeAssignment(classId: string, id: string): Answer {
    if (!store.remove('assignments', joinIds(classId, id))) return shown(undefined);
    for (const submission of store.where('submissions', 'assignment_id', id))
      store.remove('submissions', joinIds(classId, id, textOf(submission.id)));
    return { status: 200 };
  }

  const at = `${root}/classes/:classId`;
  const submissions = `${at}/assignments/:assignmentId/submissions`;
  return {
    [`GET ${at}/categories`]: {
      list: within((request, id) => list(request, store.where('categories', 'class_id', id))),
    },
    [`POST ${at}/categories`]: create('categories', bodyRules.createCategory, {}),
    [`GET ${at}/categories/:id`]: within(({ params }, classId) =>
      shown(find('categories', classId, params.id)),
    ),
    [`PATCH ${at}/categories/:id`]: within((request, classId) =>
      change('categories', bodyRules.updateCategory, joinIds(classId, request.params.id ?? ''))(request),
    ),
    [`DELETE ${at}/categories/:id`]: within(({ params }, classId) =>
      store.remove('categories', joinIds(classId, params.id ?? '')) ? { status: 200 } : shown(undefined),
    ),
    [`GET ${at}/assignments`]: {
      list: within((request, id) => list(request, store.where('assignments', 'class_id', id))),
    },
    [`POST ${at}/assignments`]: create('assignments', bodyRules.createAssignment, {
      attachments: [],
      assignee_mode: 'all',
      max_attempts: 1,
      submission_types: [],
      state: 'open',
    }),
    [`GET ${at}/assignments/:id`]: within(({ params }, classId) =>
      shown(find('assignments', classId, params.id)),
    ),
    [`PATCH ${at}/assignments/:id`]: within((request, classId) =>
      change('assignments', bodyRules.updateAssignment, joinIds(classId, request.params.id ?? ''))(request),
    ),
    [`DELETE ${at}/assignments/:id`]: within(({ params }, classId) =>
      removeAssignment(classId, params.id ?? ''),
    ),
    [`GET ${submissions}`]: {
      list: within((request, classId) => {
        const { assignmentId = '' } = request.params;
        if (find('assignments', classId, assignmentId) === undefined) return shown(undefined);
        return list(request, store.where('submissions', 'assignment_id', assignmentId));
      }),
    },
    [`GET ${submissions}/:id`]: within(({ params }, classId) =>
      shown(find('submissions', classId, params.assignmentId, params.id)),
    ),
    [`PATCH ${submissions}/:id`]: within((request, classId) => {
      const { assignmentId = '', id = '' } = request.params;
      return change('submissions', bodyRules.updateSubmission, joinIds(classId, assignmentId, id))(request);
    }),
    [`POST ${submissions}/:id/return`]: within((request, classId) => {
      const { assignmentId = '', id = '' } = request.params;
      return idempotent(request, () => {
        const record = find('submissions', classId, assignmentId, id);
        if (record === undefined) return shown(undefined);
        const returned = { ...record, state: 'returned', updated_date: now() };
        store.put('submissions', joinIds(classId, assignmentId, id), returned);
        return shown(returned);
      });
    }),
  };
}

/** Pure. What stands in the path is not in the record. */
export function showGradebook(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== 'class_id' && name !== 'assignment_id'),
  );
}

function withMembers(record: JsonObject, members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...record, ...members }).filter(([, value]) => value !== null));
}
