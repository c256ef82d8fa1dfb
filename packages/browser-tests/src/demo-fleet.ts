import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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

interface Found {
  readonly runs: readonly {
    readonly runId: string;
    readonly state: string;
    readonly integrationId: string;
  }[];
  readonly conflicts: readonly { readonly entityType: string; readonly recordId: string }[];
}

/** One district has a run that is held, another one that failed, a third has several systems and a conflict. */
async function findPages(reader: Reader): Promise<readonly PlacedPage[]> {
  const [held, failed, several] = ['maple-valley', 'cedar-ridge', 'pine-hollow'] as const;
  const heldRun = (await ask<Found>(reader, 'runs.list.v1', { customerId: held })).runs.find(isIn('held'));
  const failedRun = (await ask<Found>(reader, 'runs.list.v1', { customerId: failed })).runs.find(
    isIn('failed'),
  );
  const { runs } = await ask<Found>(reader, 'runs.list.v1', { customerId: several });
  const run = runs.find(isIn('succeeded'));
  const { conflicts } = await ask<Found>(reader, 'conflicts.list.v1', { customerId: several });
  const [conflict] = conflicts;
  if (heldRun === undefined || failedRun === undefined || run === undefined || conflict === undefined)
    throw new Error('The demo has not left the morning that it tells of');
  const shared = {
    vendor: 'canvas',
    integrationId: 'canvas',
    runId: run.runId,
    heldRunId: heldRun.runId,
    failedRunId: failedRun.runId,
    ...conflict,
    night: new Date().toISOString().slice(0, 10),
  };
  const customerOf: Readonly<Record<string, string>> = {
    'held-run': held,
    plan: held,
    'report-failed': failed,
  };
  return placePages({ ...shared, customerId: several }).map((page) => {
    const customerId = customerOf[page.name] ?? several;
    return placePages({ ...shared, customerId }).find(({ name }) => name === page.name) ?? page;
  });
}

function isIn(state: string) {
  return (run: { readonly state: string }) => run.state === state;
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
