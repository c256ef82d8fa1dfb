import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { type PlacedPage, placePages } from './page-places.ts';
import type { Reader } from './reader.ts';

export interface DemoFleet {
  /** Signs in, once. */
  readonly link: string;
  /** Every page of the dashboard, each where it has something to show. */
  findPages(reader: Reader): Promise<readonly PlacedPage[]>;
}

const main = join(import.meta.dirname, '../../cli/src/main.ts');

/** The fleet of `flotilla demo --stay`, on the morning on which something is to be done. It is stopped by `cleanup`. */
export async function openDemoFleet(cleanup: AsyncDisposableStack): Promise<DemoFleet> {
  const child = spawn(process.execPath, [main, 'demo', '--stay', '--json', '--students', '90'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  cleanup.defer(async () => {
    child.kill('SIGINT');
    await ended;
  });
  for await (const line of createInterface(child.stdout)) {
    const link = /"dashboard":"([^"]+)"/.exec(line)?.[1];
    if (link !== undefined) return { link, findPages };
  }
  throw new Error('The demo has ended without a link to the dashboard');
}

interface Run {
  readonly runId: string;
  readonly state: string;
  readonly totals: { readonly updated: number };
}

/** One district has a run that is held, and had days of edits before; another has a run that failed; a third has several systems and a conflict. */
async function findPages(reader: Reader): Promise<readonly PlacedPage[]> {
  const [edited, failed, several] = ['maple-valley', 'cedar-ridge', 'pine-hollow'] as const;
  const runsOf = async (customerId: string) =>
    (await ask<{ runs: readonly Run[] }>(reader, 'runs.list.v1', { customerId })).runs;
  const runs = await runsOf(edited);
  const run = runs.find(({ state, totals }) => state === 'succeeded' && totals.updated > 0);
  const heldRun = runs.find(({ state }) => state === 'held');
  const failedRun = (await runsOf(failed)).find(({ state }) => state === 'failed');
  const { conflicts } = await ask<{ conflicts: readonly { entityType: string; recordId: string }[] }>(
    reader,
    'conflicts.list.v1',
    { customerId: several },
  );
  const [conflict] = conflicts;
  if (heldRun === undefined || failedRun === undefined || run === undefined || conflict === undefined)
    throw new Error('The demo has not left the morning that it tells of');
  const shared = {
    vendor: 'canvas',
    integrationId: 'canvas',
    runId: run.runId,
    heldRunId: heldRun.runId,
    failedRunId: failedRun.runId,
    entityType: conflict.entityType,
    recordId: conflict.recordId,
    night: new Date(systemClock.now()).toISOString().slice(0, 10),
  };
  const customerOf: Readonly<Record<string, string>> = {
    report: edited,
    'held-run': edited,
    plan: edited,
    'report-failed': failed,
  };
  return placePages({ ...shared, customerId: several }).map((page) => {
    const places = { ...shared, customerId: customerOf[page.name] ?? several };
    // People have names, while the scores of this vendor have ids alone.
    const shown = page.name === 'records' ? { ...places, entityType: 'user' } : places;
    return placePages(shown).find(({ name }) => name === page.name) ?? page;
  });
}

/** As the page itself asks control. */
async function ask<Result>(reader: Reader, method: string, params: object): Promise<Result> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return await reader.ask(`fetch('/rpc', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: ${JSON.stringify(body)},
  }).then((response) => response.json()).then(({ result }) => result)`);
}
