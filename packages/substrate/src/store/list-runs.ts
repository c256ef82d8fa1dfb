import type { Reader } from '../orm/database.ts';
import { addCounts, type RunCounts } from '../report/run-counts.ts';
import { type Run, type RunState, runEntityTypes, runs } from './runs.ts';

/** Which runs, of a customer or of one of its integrations. */
export interface RunListing {
  readonly customerId: string;
  readonly integrationId?: string;
  /** Only in one of these. */
  readonly states?: readonly RunState[];
  /** Asked for then or later. */
  readonly since?: string;
  /** Asked for before then. */
  readonly until?: string;
  readonly after?: Pick<Run, 'runId' | 'requestedAt'>;
  readonly limit: number;
}

/** Latest first; those of the same moment in order of their ids. Fewer than `limit` are the last. */
export async function listRuns(reader: Reader, listing: RunListing): Promise<readonly Run[]> {
  const { states, since = '', limit } = listing;
  const found =
    states === undefined
      ? await scanLatest(reader, listing, undefined)
      : await Promise.all([...new Set(states)].map((state) => scanLatest(reader, listing, state)));
  return found
    .flat()
    .toSorted(byLatest)
    .slice(0, limit)
    .filter(({ requestedAt }) => requestedAt >= since);
}

/** Behind every id. */
const lastId = '~';

function scanLatest(
  reader: Reader,
  { customerId, integrationId, until, after, limit }: RunListing,
  state: RunState | undefined,
): Promise<readonly Run[]> {
  const isWithin = until === undefined || (after !== undefined && after.requestedAt < until);
  const last = isWithin ? after : { requestedAt: until, runId: lastId };
  const scope = {
    customerId,
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(state === undefined ? {} : { state }),
  };
  return reader.scan(runs, {
    index: indexFor(integrationId, state),
    prefix: scope,
    limit,
    ...(last === undefined ? {} : { after: { ...scope, requestedAt: last.requestedAt, runId: last.runId } }),
  });
}

function indexFor(integrationId: string | undefined, state: string | undefined): string {
  if (integrationId === undefined) return state === undefined ? 'runs_by_customer' : 'runs_by_state';
  return state === undefined ? 'runs_by_integration' : 'runs_by_integration_and_state';
}

function byLatest(a: Run, b: Run): number {
  if (a.requestedAt !== b.requestedAt) return a.requestedAt < b.requestedAt ? 1 : -1;
  return a.runId < b.runId ? -1 : Number(a.runId > b.runId);
}

/** What came of the records of these runs so far, by run; all entity types together. */
export async function readRunTotals(
  reader: Reader,
  customerId: string,
  runIds: Iterable<string>,
): Promise<ReadonlyMap<string, RunCounts>> {
  const prefixes = Array.from(new Set(runIds), (runId) => ({ customerId, runId }));
  const rows = await reader.scanMany(runEntityTypes, prefixes, { columns: ['runId', 'counts'] });
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return new Map(
    prefixes.map(({ runId }) => [runId, addCounts(...(byRun.get(runId) ?? []).map(({ counts }) => counts))]),
  );
}
