import { Failure } from '@flotilla/substrate/failure';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import { z } from 'zod';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { askPatiently, followRun } from '../progress/follow-run.ts';
import type { NightProgress } from '../progress/night-progress.ts';
import { waitForWarehouse } from '../progress/wait-for-warehouse.ts';
import { NightAnswer, ReportAnswer, type RunAnswer } from '../rpc/answers.ts';

export interface NightOptions {
  /** `YYYY-MM-DD` */
  readonly night: string;
  /** Who has one integration each, in the order in which their runs are told. */
  readonly customers: readonly string[];
  readonly progress: NightProgress;
}

export interface NightRun {
  readonly report: RunReport;
  /** The number of the integration's last change in the store; the warehouse has all up to it. */
  readonly lastSequence: number;
}

/** Asks control for the night over JSON-RPC, follows its runs, waits for the warehouse. Fails where a run did not succeed. */
export async function runNight(
  host: Host,
  fleet: Fleet,
  { night, customers, progress }: NightOptions,
): Promise<ReadonlyMap<string, NightRun>> {
  const { control } = fleet;
  await control.call('nightly.run.v1', { night }, z.unknown());
  const started = await waitForRuns(host, fleet, night, customers.length);
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
    const runsByCustomer = new Map(finished);
    return new Map(customers.map((customerId) => [customerId, requireRun(runsByCustomer, customerId)]));
  } finally {
    progress.stop();
  }
}

function requireRun(runs: ReadonlyMap<string, NightRun>, customerId: string): NightRun {
  const run = runs.get(customerId);
  if (run !== undefined) return run;
  throw new Failure('internal', 'A customer has no run in the night', { data: { customerId } });
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
  await waitForWarehouse({
    warehouse: fleet.service('warehouse'),
    customerId,
    integrationId,
    lastSequence,
    clock: host.clock,
    signal: host.interrupted,
  });
  return { report, lastSequence: lastSequence ?? 0 };
}
