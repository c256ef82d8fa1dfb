import { Failure } from '@flotilla/substrate/failure';
import {
  type CollectedPage,
  CustomerId,
  collectPage,
  EntityTypeName,
  fitPage,
  IntegrationId,
  Limit,
  RecordId,
  RunId,
} from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  conflictStates,
  listConflictsFoundBy,
  listConflictsOf,
  listOpenConflicts,
  listOpenConflictsOf,
  readConflict,
  readIntegration,
  readRun,
  requireCustomer,
  type Store,
  type StoredConflict,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { ConflictView, viewConflicts } from './conflict-view.ts';

export const ConflictId = z.string().min(1).max(64).describe('As conflicts.list shows it');

const Filter = z.strictObject({
  customerId: CustomerId,
  integrationId: IntegrationId.optional(),
  runId: RunId.optional().describe('Only those that this run found first'),
  entityType: EntityTypeName.optional().describe('Needs integrationId or runId'),
  recordId: RecordId.optional().describe('Needs entityType'),
  state: z
    .enum(conflictStates)
    .optional()
    .describe(
      'Left out: `open` and `decided`, all that is left to do. `resolved` and `obsolete` need integrationId or runId',
    ),
  after: ConflictId.optional().describe('The last conflict of the page before'),
  limit: Limit,
});

export const listConflicts = defineMethod({
  name: 'conflicts.list',
  version: 1,
  summary: 'Fields that both sides changed differently: what waits for a decision, side by side',
  params: Filter.superRefine(requireWider),
  result: z.strictObject({
    conflicts: z
      .array(ConflictView)
      .describe(
        'Of a whole customer, oldest first; of an integration or a run, in order of entity type and record',
      ),
    next: z
      .string()
      .nullable()
      .describe('Pass it as `after` for the next page; null on the last. A page may be short'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, filter) {
    const { customerId, integrationId, runId } = filter;
    if (integrationId === undefined && runId === undefined) await requireCustomer(store, customerId);
    if (integrationId !== undefined) await readIntegration(store, customerId, integrationId);
    if (runId !== undefined) await readRun(store, customerId, runId);
    const page = await collectConflicts(store, filter, await findLast(store, filter));
    // Whoever decides sees the sides whole: fewer at once where they are long.
    const { rows, next } = fitPage(page, ({ sides, decision }) => [sides, decision]);
    return { conflicts: await viewConflicts(store, rows), next: next?.conflictId ?? null };
  },
});

type ConflictFilter = z.output<typeof Filter>;

/** What is ended is stored with the rest of its integration only, and a record is one of an entity type. */
function requireWider(filter: ConflictFilter, context: z.RefinementCtx): void {
  const { integrationId, runId, entityType, recordId, state } = filter;
  const isWhole = integrationId === undefined && runId === undefined;
  const missing = [
    recordId !== undefined && entityType === undefined && (['entityType', '`recordId`'] as const),
    entityType !== undefined && isWhole && (['integrationId', '`entityType`'] as const),
    isEnded(state) && isWhole && (['integrationId', `the state ${state}`] as const),
  ].find((each) => each !== false);
  if (missing === undefined) return;
  const [name, asker] = missing;
  context.addIssue({ code: 'custom', path: [name], message: `is needed with ${asker}` });
}

function isEnded(state: ConflictFilter['state']): boolean {
  return state === 'resolved' || state === 'obsolete';
}

/** The conflict to go on after. */
async function findLast(store: Store, filter: ConflictFilter): Promise<StoredConflict | undefined> {
  const { customerId, integrationId, runId, entityType, recordId, after } = filter;
  if (after === undefined) return undefined;
  const last = await readConflict(store, customerId, after);
  const isOther =
    (integrationId !== undefined && last.integrationId !== integrationId) ||
    (runId !== undefined && last.runId !== runId) ||
    (entityType !== undefined && last.entityType !== entityType) ||
    (recordId !== undefined && last.recordId !== recordId);
  if (!isOther) return last;
  throw new Failure('not_found', 'The conflict to go on after is not one of these', {
    data: { conflictId: after },
  });
}

function collectConflicts(
  store: Store,
  { customerId, integrationId, runId, entityType, recordId, state, limit }: ConflictFilter,
  last: StoredConflict | undefined,
): Promise<CollectedPage<StoredConflict>> {
  const page = { after: last, limit };
  const within = {
    ...(entityType === undefined ? {} : { entityType }),
    ...(recordId === undefined ? {} : { recordId }),
  };
  if (runId !== undefined) {
    const isWanted = (conflict: StoredConflict) =>
      (integrationId === undefined || conflict.integrationId === integrationId) &&
      (state === undefined ? conflict.openSince !== null : conflict.state === state);
    const scope = { customerId, runId, ...within };
    return collectPage((from, size) => listConflictsFoundBy(store, scope, from, size), isWanted, page);
  }
  const isWanted = (conflict: StoredConflict) => state === undefined || conflict.state === state;
  if (integrationId === undefined) {
    return collectPage((from, size) => listOpenConflicts(store, customerId, from, size), isWanted, page);
  }
  const scope = { customerId, integrationId, ...within };
  const list = isEnded(state) ? listConflictsOf : listOpenConflictsOf;
  return collectPage((from, size) => list(store, scope, from, size), isWanted, page);
}
