import type { z } from 'zod';
import {
  type ConflictAnswer,
  ConflictsAnswer,
  CustomersAnswer,
  HistoryAnswer,
  PlanAnswer,
  type PlannedRecord,
  type RunAnswer,
  RunsAnswer,
} from './answers.ts';
import type { RpcClient } from './rpc-client.ts';

const pageSize = 200;

/** All customers, in order of their ids. */
export async function* listCustomers(control: RpcClient) {
  let after: string | null = null;
  do {
    const page: z.output<typeof CustomersAnswer> = await control.call(
      'customers.list.v1',
      { limit: pageSize, ...(after === null ? {} : { after }) },
      CustomersAnswer,
    );
    yield* page.customers;
    after = page.next;
  } while (after !== null);
}

export interface RunScope {
  readonly customerId: string;
  readonly integrationId?: string | undefined;
  readonly state?: string | undefined;
  readonly states?: readonly string[] | undefined;
  readonly context?: string | undefined;
  readonly method?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** How many of the latest; all if left out. */
  readonly limit?: number;
}

/** Runs, latest first. */
export async function listRuns(control: RpcClient, scope: RunScope): Promise<readonly RunAnswer[]> {
  const { limit = Number.POSITIVE_INFINITY, ...filter } = scope;
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  const runs: RunAnswer[] = [];
  let after: string | null = null;
  do {
    const page: z.output<typeof RunsAnswer> = await control.call(
      'runs.list.v1',
      {
        ...Object.fromEntries(wanted),
        limit: Math.min(limit - runs.length, pageSize),
        ...(after === null ? {} : { after }),
      },
      RunsAnswer,
    );
    runs.push(...page.runs);
    after = page.next;
  } while (after !== null && runs.length < limit);
  return runs;
}

/** A part of a listing. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** Whether there are more. */
  readonly hasMore: boolean;
}

/** Conflicts, as `conflicts.list.v1` filters them; one after another, as they are asked for. */
export async function* listConflicts(
  control: RpcClient,
  filter: { readonly customerId: string } & Readonly<Record<string, string>>,
): AsyncGenerator<ConflictAnswer> {
  let after: string | null = null;
  do {
    const page: z.output<typeof ConflictsAnswer> = await control.call(
      'conflicts.list.v1',
      { ...filter, limit: pageSize, ...(after === null ? {} : { after }) },
      ConflictsAnswer,
    );
    yield* page.conflicts;
    after = page.next;
  } while (after !== null);
}

/** What a run would change, as `runs.plan.v1` filters it, at most so many records. */
export async function listPlanned(
  control: RpcClient,
  filter: { readonly customerId: string; readonly runId: string } & Readonly<Record<string, string>>,
  limit: number,
): Promise<Listed<PlannedRecord>> {
  const rows: PlannedRecord[] = [];
  let after: z.output<typeof PlanAnswer>['next'] = null;
  while (rows.length < limit) {
    const page: z.output<typeof PlanAnswer> = await control.call(
      'runs.plan.v1',
      { ...filter, limit: Math.min(limit - rows.length, pageSize), ...(after === null ? {} : { after }) },
      PlanAnswer,
    );
    rows.push(...page.records);
    after = page.next;
    if (after === null) break;
  }
  return { rows, hasMore: after !== null };
}

/** A record's changes, latest first, at most so many. */
export async function listHistory(
  control: RpcClient,
  record: Readonly<Record<'customerId' | 'integrationId' | 'entityType' | 'recordId', string>>,
  limit: number,
): Promise<Listed<HistoryAnswer['changes'][number]> & Pick<HistoryAnswer, 'name' | 'movedTo'>> {
  const rows: HistoryAnswer['changes'] = [];
  let name: string | null = null;
  let after: number | null = null;
  let movedTo: string | null = null;
  do {
    const page: HistoryAnswer = await control.call(
      'records.history.v1',
      { ...record, limit: Math.min(limit - rows.length, pageSize), ...(after === null ? {} : { after }) },
      HistoryAnswer,
    );
    // What it was called is known best from its latest changes, which come first.
    name ??= page.name;
    rows.push(...page.changes);
    ({ movedTo, next: after } = page);
  } while (after !== null && rows.length < limit);
  return { rows, hasMore: after !== null, name, movedTo };
}
