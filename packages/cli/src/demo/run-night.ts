import { Failure } from '@flotilla/substrate/failure';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import { z } from 'zod';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { askPatiently, followRun } from '../progress/follow-run.ts';
import type { NightProgress } from '../progress/night-progress.ts';
import { waitForWarehouse } from '../progress/wait-for-warehouse.ts';
import { NightAnswer, QueryAnswer, ReportAnswer, type RunAnswer } from '../rpc/answers.ts';

export interface NightOptions {
  /** `YYYY-MM-DD` */
  readonly night: string;
  /** How many runs the night has. */
  readonly runs: number;
  readonly progress: NightProgress;
}

export interface NightRun {
  readonly report: RunReport;
  /** Changes of the integration in the warehouse after the run, and the sequence of the store's last one. */
  readonly landed: number;
  readonly lastSequence: number;
}

/** Asks control for the night over JSON-RPC, follows its runs, waits for the warehouse. Fails where a run did not succeed. */
export async function runNight(
  host: Host,
  fleet: Fleet,
  { night, runs, progress }: NightOptions,
): Promise<ReadonlyMap<string, NightRun>> {
  const { control } = fleet;
  await control.call('nightly.run.v1', { night }, z.unknown());
  const started = await waitForRuns(host, fleet, night, runs);
  try {
    const finished = await Promise.all(
      started.map(async ({ customerId, runId }) => {
        const ended = await followRun({
          service: control,
          customerId,
          runId,
          clock: host.clock,
          signal: host.interrupted,
          onProgress: progress.update,
        });
        return [customerId, await finish(host, fleet, ended)] as const;
      }),
    );
    return new Map(finished.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    progress.stop();
  }
}

async function waitForRuns(
  { clock, interrupted }: Host,
  { control }: Fleet,
  night: string,
  count: number,
): Promise<readonly RunAnswer[]> {
  const until = clock.now() + 60_000;
  for (;;) {
    const answer = await askPatiently(
      () => control.call('nightly.get.v1', { night }, NightAnswer),
      clock,
      interrupted,
    );
    if (answer.state === 'started' && answer.runs.length === count) return answer.runs;
    if (clock.now() > until) {
      throw new Failure('unavailable', 'The night does not begin', {
        data: { night, runs: answer.runs.length, expected: count },
      });
    }
    await clock.sleep(100, interrupted);
  }
}

async function finish(host: Host, fleet: Fleet, run: RunAnswer): Promise<NightRun> {
  const { customerId, integrationId, runId, lastSequence } = run;
  const report = await fleet.control.call(
    'runs.report.v1',
    { customerId, runId, changes: 1000 },
    ReportAnswer,
  );
  if (run.state !== 'succeeded') {
    throw new Failure('internal', 'A run of the demo did not succeed', {
      data: { report: renderReportText({ ...report, changes: [] }) },
    });
  }
  const landed = await waitForWarehouse({
    warehouse: fleet.service('warehouse'),
    customerId,
    integrationId,
    lastSequence,
    clock: host.clock,
    signal: host.interrupted,
  });
  return { report, landed, lastSequence: lastSequence ?? 0 };
}

/** All rows that messages ever brought to the warehouse, repeated deliveries included: what does not grow got no message. */
export async function countDeliveries(fleet: Fleet): Promise<number> {
  const tables = await fleet.service('warehouse').call(
    'warehouse.query.v1',
    {
      sql: "SELECT table_name AS name FROM information_schema.tables WHERE table_name LIKE '%\\_changes\\_raw' ESCAPE '\\'",
      maxRows: 1000,
    },
    QueryAnswer,
  );
  const counts = tables.rows.map(({ name }) => `(SELECT count(*) FROM ${JSON.stringify(name)})`);
  const sum = await fleet
    .service('warehouse')
    .call('warehouse.query.v1', { sql: `SELECT ${counts.join(' + ')} AS total`, maxRows: 1 }, QueryAnswer);
  return Number(sum.rows[0]?.total);
}
