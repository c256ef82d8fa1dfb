import type { Reader } from '../orm/database.ts';
import type { Integration } from './integrations.ts';
import { type Run, runs } from './runs.ts';
import type { StoreSchema } from './schema.ts';

/** An integration, and the run by which one judges how it is. */
export interface IntegrationStanding
  extends Pick<Integration, 'customerId' | 'integrationId' | 'vendor' | 'state'> {
  /** The latest that is of a whole set, is no trial, and has ended or is held; null where there is none. */
  readonly lastRun: Pick<Run, 'runId' | 'state' | 'requestedAt' | 'finishedAt'> | null;
}

/** Whose integrations: of the customers with these ids and all between them; left out: all. */
export interface CustomerRange {
  readonly from: string;
  readonly to: string;
}

const lastRunColumns = ['customerId', 'runId', 'state', 'requestedAt', 'finishedAt'] as const;

/** In two reads, however many integrations there are and however many runs they had. In order of customer and integration. */
export async function readStandings(
  reader: Reader<StoreSchema>,
  range?: CustomerRange,
): Promise<readonly IntegrationStanding[]> {
  const rows = await reader.query((q) => {
    const all = q
      .selectFrom('integrations as i')
      .select(['i.customerId', 'i.integrationId', 'i.vendor', 'i.state'])
      .select(({ selectFrom }) =>
        selectFrom('runs as r')
          .select('r.runId')
          .whereRef('r.customerId', '=', 'i.customerId')
          .whereRef('r.integrationId', '=', 'i.integrationId')
          // One of a few records, and a trial, say nothing of the rest.
          .where('r.context', '!=', 'realtime')
          .where('r.isDryRun', '=', false)
          .where('r.state', 'not in', ['queued', 'running'])
          .orderBy('r.requestedAt', 'desc')
          .limit(1)
          .as('runId'),
      )
      .orderBy('i.customerId')
      .orderBy('i.integrationId');
    return range === undefined
      ? all
      : all.where('i.customerId', '>=', range.from).where('i.customerId', '<=', range.to);
  });
  const keys = rows.flatMap(({ customerId, runId }) => (runId === null ? [] : [{ customerId, runId }]));
  const found = keys.length === 0 ? [] : await reader.getMany(runs, keys, { columns: lastRunColumns });
  const runsById = new Map(found.map((run) => [`${run.customerId}/${run.runId}`, run]));
  return rows.map(({ runId, ...integration }) => {
    const run = runsById.get(`${integration.customerId}/${runId}`);
    if (run === undefined) return { ...integration, lastRun: null };
    const { customerId: _, ...lastRun } = run;
    return { ...integration, lastRun };
  });
}
