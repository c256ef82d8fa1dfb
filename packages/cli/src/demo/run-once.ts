import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { followRun } from '../progress/follow-run.ts';
import { waitForWarehouse } from '../progress/wait-for-warehouse.ts';
import { ReportAnswer, StartedAnswer } from '../rpc/answers.ts';
import { severalSystems } from './demo-systems.ts';

const { customerId } = severalSystems;

/** Starts a sync of one system of the district, and follows it. */
export async function syncOnce(
  host: Host,
  fleet: Fleet,
  vendor: string,
  family: 'rosters' | 'grades',
  choice: JsonObject = {},
): Promise<RunReport> {
  const params = { customerId, ...choice };
  const { runId } = await fleet.service(vendor).call(`${family}.sync.v1`, params, StartedAnswer);
  return await endOf(host, fleet, vendor, runId);
}

/** Follows a run until the warehouse has what it changed. Fails where it did not end as the story has it. */
export async function endOf(host: Host, fleet: Fleet, vendor: string, runId: string): Promise<RunReport> {
  const { clock, interrupted: signal } = host;
  const service = fleet.service(vendor);
  const ended = await followRun({ service, customerId, runId, clock, signal, onProgress: () => {} });
  const report = await fleet.control.call(
    'runs.report.v1',
    { customerId, runId, changes: 1000 },
    ReportAnswer,
  );
  if (ended.state !== 'succeeded' && ended.state !== 'unchanged') {
    throw new Failure('internal', 'A run of the demo did not succeed', {
      data: { report: renderReportText({ ...report, changes: [] }) },
    });
  }
  const { integrationId, lastSequence } = ended;
  await waitForWarehouse({
    warehouse: fleet.service('warehouse'),
    customerId,
    integrationId,
    lastSequence,
    clock,
    signal,
  });
  return report;
}
