import { join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';
import { startOwnProcess } from '../fleet/own-process.ts';
import type { Host } from '../host.ts';

const Facts = z.object({
  connection: z.record(z.string(), z.json()).and(z.object({ baseUrl: z.string() })),
  admin: z.object({ url: z.string(), token: z.string() }),
  credential: z.record(z.string(), z.json()),
  counts: z.record(z.string(), z.number()),
});

const Counts = z.object({ counts: z.record(z.string(), z.number()) });

const Edits = z.object({
  counts: z.record(z.string(), z.object({ created: z.number(), updated: z.number(), removed: z.number() })),
});
/** What a night's edits came to, by collection of the provider. */
export type EditCounts = z.output<typeof Edits>['counts'];

/** A vendor with a school district's data, simulated by a process of its own. */
export interface SimulatedProvider extends z.output<typeof Facts> {
  readonly baseUrl: string;
  readonly pid: number;
  /** All records, over all collections. */
  readonly records: number;
  /** How many records it has now, by collection. */
  count(): Promise<Readonly<Record<string, number>>>;
  /** Edits the district as a school day does, or as the options of a night say. */
  edit(options?: JsonObject): Promise<EditCounts>;
  stop(): Promise<void>;
}

export interface ProviderOptions {
  readonly vendor: string;
  /** The vendor's own choices, as `simulate` takes them. */
  readonly choices: Readonly<Record<string, string>>;
  readonly students: number;
  readonly seed: number;
}

/** Resolves when the provider listens. Fails with `unavailable` when it does not start. */
export async function startProvider(
  host: Host,
  { vendor, choices, students, seed }: ProviderOptions,
): Promise<SimulatedProvider> {
  const firstLine = Promise.withResolvers<string>();
  const complaints: string[] = [];
  const flags = { port: 0, students, seed, ...choices };
  const own = startOwnProcess({
    node: host.node,
    command: [
      join(import.meta.dirname, '../main.ts'),
      'simulate',
      vendor,
      '--json',
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
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
      data: { vendor, log: complaints.join('\n'), advice: 'See its log above.' },
    });
  }
  const facts = Facts.parse(JSON.parse(line));
  return {
    ...facts,
    baseUrl: facts.connection.baseUrl,
    pid: own.pid,
    records: Object.values(facts.counts).reduce((sum, count) => sum + count, 0),
    count: async () => Counts.parse(await callAdmin(facts, 'GET', 'counts', {}, host.interrupted)).counts,
    edit: async (options = {}) =>
      Edits.parse(await callAdmin(facts, 'POST', 'night', options, host.interrupted)).counts,
    stop: own.stop,
  };
}

async function callAdmin(
  { admin }: z.output<typeof Facts>,
  method: 'GET' | 'POST',
  call: string,
  body: JsonObject,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${admin.url}/${call}`, {
    method,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
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
