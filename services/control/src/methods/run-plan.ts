import {
  CustomerId,
  collectPage,
  EntityTypeName,
  fitPage,
  Json,
  Limit,
  RecordId,
  RunId,
} from '@flotilla/substrate/methods';
import { plannedName } from '@flotilla/substrate/report/planned-name';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { type Action, actions, directions } from '@flotilla/substrate/settings/safety-limits';
import { listPlannedChanges, type PlannedChange, readRecordNames, readRun } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { createPlanSearch } from './plan-search.ts';

const Line = z.strictObject({
  action: z.enum(actions),
  pointer: z.string().describe('JSON Pointer of the field; empty: the whole record'),
  before: Json.optional(),
  after: Json.optional(),
  rule: z.string().describe('Why'),
});

const OneDirection = z.strictObject({ action: z.enum(actions), lines: z.array(Line) });

const PlannedConflict = z.strictObject({
  pointer: z.string(),
  kind: z.enum(['modify/modify', 'delete/modify', 'add/add']),
  base: Json.optional(),
  ours: Json.optional(),
  theirs: Json.optional(),
  inputs: z.string(),
  rule: z.string(),
});

const Place = z.strictObject({ entityType: z.string(), recordId: z.string() });

export const planRun = defineMethod({
  name: 'runs.plan',
  version: 1,
  summary:
    'What a held run or a dry run would change, record by record and field by field, each with its rule',
  description:
    'Kept for 30 days. A run that went through without being held has no plan: its changes are in its report. The sums are in runs.get.',
  params: z.strictObject({
    customerId: CustomerId,
    runId: RunId,
    entityType: EntityTypeName.optional(),
    direction: z.enum(directions).optional().describe('Only records that would change on this side'),
    action: z.enum(actions).optional().describe('Only records to which this would be done'),
    conflicting: z
      .boolean()
      .optional()
      .describe('True: only records that wait for a decision; false: only others'),
    search: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        'Only records that have every word of it in their id, in the place of a field, or in a value; case and accents do not matter',
      ),
    after: z
      .strictObject({ entityType: EntityTypeName, recordId: RecordId })
      .optional()
      .describe('The last record of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    records: z.array(
      z.strictObject({
        entityType: z.string(),
        recordId: z.string(),
        name: z.string().nullable().describe('What people call the record, or will; null: it has no name'),
        toOurs: OneDirection.nullable().describe('Null: nothing on our side'),
        toTheirs: OneDirection.nullable().describe('Null: nothing at the vendor'),
        conflicts: z
          .array(PlannedConflict)
          .describe('Not empty: the record is held, and nothing is planned for it'),
      }),
    ),
    next: Place.nullable().describe(
      'Pass it as `after` for the next page; null on the last. A page may be short',
    ),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run(
    { context: { store } }: Call<Control>,
    { customerId, runId, entityType, search, after, limit, ...filter },
  ) {
    const { integrationId } = await readRun(store, customerId, runId);
    const scope = { customerId, runId, ...(entityType === undefined ? {} : { entityType }) };
    const isFound = search === undefined ? () => true : createPlanSearch(search);
    const page = await collectPage<PlannedChange, Pick<PlannedChange, 'entityType' | 'recordId'>>(
      (from, size) => listPlannedChanges(store, scope, from, size),
      (row) => isWanted(row, filter) && isFound(row),
      { after, limit },
    );
    const { rows, next } = fitPage(page, ({ toOurs, toTheirs, conflicts }) => [toOurs, toTheirs, conflicts]);
    const named = await readRecordNames(
      store,
      rows.map((row) => ({ ...row, integrationId })),
    );
    const nameByRecord = new Map(named.map((record) => [recordKey(record), record.name]));
    return {
      records: rows.map((row) => viewPlanned(row, nameByRecord.get(recordKey(row)) ?? plannedName(row))),
      next: next === null ? null : { entityType: next.entityType, recordId: next.recordId },
    };
  },
});

function isWanted(
  { toOursAction, toTheirsAction, conflicts }: PlannedChange,
  filter: {
    readonly direction?: (typeof directions)[number] | undefined;
    readonly action?: Action | undefined;
    readonly conflicting?: boolean | undefined;
  },
): boolean {
  const { direction, action, conflicting } = filter;
  const isConflicting = conflicts.length > 0;
  if (conflicting !== undefined && conflicting !== isConflicting) return false;
  const planned = { toOurs: toOursAction, toTheirs: toTheirsAction };
  const looked = direction === undefined ? Object.values(planned) : [planned[direction]];
  if (direction === undefined && action === undefined) return true;
  return looked.some((each) => each !== null && (action === undefined || each === action));
}

function recordKey({ entityType, recordId }: Pick<PlannedChange, 'entityType' | 'recordId'>): string {
  return JSON.stringify([entityType, recordId]);
}

function viewPlanned(
  { entityType, recordId, toOursAction, toTheirsAction, ...planned }: PlannedChange,
  name: string | null,
) {
  return {
    entityType,
    recordId,
    name,
    toOurs: viewDirection(toOursAction, planned.toOurs),
    toTheirs: viewDirection(toTheirsAction, planned.toTheirs),
    conflicts: planned.conflicts.map((conflict) => ({ ...conflict })),
  };
}

function viewDirection(action: string | null, lines: PlannedChange['toOurs']) {
  return action === null ? null : { action: action as Action, lines: lines.map((line) => ({ ...line })) };
}
