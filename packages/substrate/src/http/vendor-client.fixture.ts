import { onTestFinished } from 'vitest';
import { createManualClock, type ManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { createVendorClient } from './create-vendor-client.ts';
import type { OffsetPaging, PageCursor, Paging } from './paging.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.fixture.ts';
import type {
  AttemptReport,
  VendorClient,
  VendorClientOptions,
  VendorPage,
  VendorResponse,
} from './vendor-client.ts';

/** A client and the server it talks to, for a test; both end with it. */
export interface Stage {
  readonly server: ScriptedServer;
  readonly clock: ManualClock;
  readonly client: VendorClient;
  readonly attempts: AttemptReport[];
}

type StageOptions = Partial<VendorClientOptions>;

export async function start(
  script: Script,
  options: StageOptions | ((server: ScriptedServer) => StageOptions) = {},
): Promise<Stage> {
  const server = await startScriptedServer(script);
  const clock = createManualClock();
  const attempts: AttemptReport[] = [];
  const client = createVendorClient({
    baseUrl: `${server.url}/ims/v1p1`,
    auth: { kind: 'none' },
    limits: { requests: 1000, perSeconds: 1, concurrent: 4 },
    // Real time-outs, but never the total one: it goes by the manual clock.
    timeouts: { headers: 500, idle: 500, total: 1e9 },
    allowedHosts: [server.host],
    clock,
    onAttempt: (report) => attempts.push(report),
    ...(typeof options === 'function' ? options(server) : options),
  });
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, clock, client, attempts };
}

/** Moves time on in small steps until the work is done; tells its result or what it threw, and how long it took on the clock. */
export async function finish<Result>(clock: ManualClock, work: Promise<Result>) {
  const from = clock.now();
  let outcome: { readonly result?: Result; readonly thrown?: unknown } | undefined;
  work.then(
    (result) => {
      outcome = { result };
    },
    (thrown) => {
      outcome = { thrown };
    },
  );
  while (outcome === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await clock.advance(50);
  }
  return { ...outcome, ms: clock.now() - from };
}

export function get(client: VendorClient): Promise<VendorResponse> {
  return client.request({ path: '/users' });
}

export const offsetPaging: OffsetPaging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 3,
  totalHeader: 'x-total-count',
};

export function usersOf(json: JsonValue): readonly JsonValue[] {
  if (isJsonObject(json) && Array.isArray(json.users)) return json.users;
  throw new Failure('vendor_answer_invalid', 'No users in the answer', { data: { problem: 'envelope' } });
}

export async function fetchAll(client: VendorClient, paging: Paging): Promise<VendorPage[]> {
  const pages: VendorPage[] = [];
  let cursor: PageCursor | null = null;
  do {
    const page: VendorPage = await client.fetchPage({ path: '/users', paging, cursor, recordsOf: usersOf });
    pages.push(page);
    // As a checkpoint would keep it.
    cursor = JSON.parse(JSON.stringify(page.cursor));
  } while (cursor !== null);
  return pages;
}
