import { join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import { z } from 'zod';
import { startOwnProcess } from '../fleet/own-process.ts';
import type { Host } from '../host.ts';

const Connection = z.object({ baseUrl: z.string(), version: z.enum(['1.1', '1.2']) });

const Facts = z.object({
  connection: Connection,
  admin: z.object({ url: z.string(), token: z.string() }),
  credential: z.record(z.string(), z.string()),
  counts: z.record(z.string(), z.number()),
});

const Counts = z.object({ counts: z.record(z.string(), z.number()) });

const Edits = z.object({
  counts: z.record(z.string(), z.object({ created: z.number(), updated: z.number(), removed: z.number() })),
});
/** What a night's edits came to, by collection of the provider. */
export type EditCounts = z.output<typeof Edits>['counts'];

/** A school district's OneRoster provider, simulated by a process of its own. */
export interface SimulatedProvider
  extends Omit<z.output<typeof Facts>, 'connection'>,
    z.output<typeof Connection> {
  readonly pid: number;
  /** All records, over all collections. */
  readonly records: number;
  /** How many records it has now, by collection. */
  count(): Promise<Readonly<Record<string, number>>>;
  /** Edits the district as a school day does. */
  edit(): Promise<EditCounts>;
  stop(): Promise<void>;
}

export interface ProviderOptions {
  readonly version: '1.1' | '1.2';
  readonly auth: 'oauth1' | 'oauth2';
  readonly students: number;
  readonly seed: number;
}

/** Resolves when the provider listens. Fails with `unavailable` when it does not start. */
export async function startProvider(
  host: Host,
  { version, auth, students, seed }: ProviderOptions,
): Promise<SimulatedProvider> {
  const firstLine = Promise.withResolvers<string>();
  const complaints: string[] = [];
  const own = startOwnProcess({
    node: host.node,
    command: [
      join(import.meta.dirname, '../main.ts'),
      'simulate',
      'oneroster',
      '--json',
      '--port',
      '0',
      '--version',
      version,
      '--auth',
      auth,
      '--students',
      String(students),
      '--seed',
      String(seed),
    ],
    environment: host.childEnvironment,
    clock: host.clock,
    onOutput: firstLine.resolve,
    onErrorOutput: (line) => complaints.push(line),
  });
  const line = await Promise.race([
    firstLine.promise,
    own.ended.then(() => undefined),
    whenAborted(host.interrupted),
  ]);
  if (line === undefined) {
    await own.stop();
    host.interrupted.throwIfAborted();
    throw new Failure('unavailable', 'A simulated provider does not start', {
      data: { version, log: complaints.join('\n'), advice: 'See its log above.' },
    });
  }
  const facts = Facts.parse(JSON.parse(line));
  return {
    ...facts,
    ...facts.connection,
    pid: own.pid,
    records: Object.values(facts.counts).reduce((sum, count) => sum + count, 0),
    count: async () => Counts.parse(await callAdmin(facts, 'GET', 'counts', host.interrupted)).counts,
    edit: async () => Edits.parse(await callAdmin(facts, 'POST', 'night', host.interrupted)).counts,
    stop: own.stop,
  };
}

async function callAdmin(
  { admin }: z.output<typeof Facts>,
  method: 'GET' | 'POST',
  call: string,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${admin.url}/${call}`, {
    method,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: '{}' } : {}),
    signal,
  });
  if (response.ok) return await response.json();
  throw new Failure('internal', 'The simulated provider refused an admin call', {
    data: { call, status: response.status, answer: (await response.text()).slice(0, 500) },
  });
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
