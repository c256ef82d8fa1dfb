import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { entityTypeNames } from '@flotilla/substrate/model';
import { createSeededRandom } from '@flotilla/substrate/testing/district/seeded-random';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type CliProcess, isAlive, startCli } from '../cli-process.fixture.ts';
import { askPatiently } from '../progress/follow-run.ts';
import { QueryAnswer } from '../rpc/answers.ts';
import { findFreePorts } from './choose-ports.ts';
import { connectFleet, type Fleet } from './connect-fleet.ts';
import { readFleetFile } from './fleet-file.ts';
import { keepFreePorts } from './keep-free-ports.fixture.ts';
import {
  connect,
  createProvider,
  type KillableFleet,
  services,
  startKillableFleet,
  type Victim,
} from './kill-fleet.fixture.ts';
import { type HomeObserver, observeHome, type Sight, type StoredState } from './observe-home.fixture.ts';

/** When a process is killed, and which: `when` compares what is seen with what was seen at the kill before. */
interface Moment {
  readonly name: string;
  readonly victims: readonly Victim[];
  readonly when: (now: Sight, then: Sight) => boolean;
  /** The kill follows up to this much later. */
  readonly withinMs: number;
  /** Killed again before it is ready. */
  readonly isStarting?: boolean;
  /** Passed over when this is so: what lasts for milliseconds can go unseen. */
  readonly isMissed?: (now: Sight) => boolean;
}

interface Kill {
  readonly moment: string;
  readonly victims: readonly Victim[];
  /** From the kill until the fleet was seen to go on with what the victim does; undefined where there was nothing left to do. */
  recoveredMs: number | undefined;
}

/** What must be equal, however often a process was killed. */
interface CustomerState extends StoredState {
  readonly current: Readonly<Record<string, readonly object[]>>;
  readonly landed: Readonly<Record<string, readonly object[]>>;
}

const seed = Number(process.env.KILL_SEED ?? 1);
const nights = ['2026-01-01', '2026-01-02'];
/** Short: runs hand over several times on their way. */
const sliceSeconds = 0.7;
const patienceMs = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'flotilla-kill-'));
const { provider: port = 0 } = await findFreePorts(['provider']);
const provider = createProvider(port);
/** States of customers that were left alone, by the number of the night in which they joined. */
let leftAlone: readonly CustomerState[];

beforeAll(async () => {
  leftAlone = await playNights('left-alone', ['only'], async () => []);
});

afterAll(async () => {
  await provider.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a sync whose processes are killed at any moment, and started again, ends as one that was left alone', async () => {
  const kills: Kill[] = [];
  const random = createSeededRandom(seed, 'kills');

  const found = await playNights('killed', ['one', 'two'], async (stage) => {
    const made = await killThrough(stage, planOf(stage.night), random.integer);
    kills.push(...made);
    return made;
  });

  found.forEach((state, at) => expectEqualState(`customer ${at}`, state, leftAlone[Math.floor(at / 2)]));
  tell(describeRecovery(kills));
  expect(kills.length).toBeGreaterThanOrEqual(25);
  expect(new Set(kills.flatMap(({ victims }) => victims))).toEqual(
    new Set(['control', 'oneroster', 'warehouse', 'provider']),
  );
}, 240_000);

test('a dev that is killed takes all its processes along, and the next one on its home ends the sync', async () => {
  const home = join(folder, 'dev');
  await provider.start(nights.length - 1);
  const started: CliProcess[] = [];
  const [night = ''] = nights;
  await keepFreePorts(home, services);
  try {
    let { fleet } = await startDev(home, started);
    using observer = observeHome(home);
    await connect(fleet, 'only-1', provider.baseUrl);
    await askForNight(fleet, night);
    for (const moment of [pagesAfter(8), isPushing]) {
      const then = observer.look(night);
      await waitUntil(() => moment(observer.look(night), then));
      const urls = urlsOf(home);
      const pids = Object.values(readFleetFile(home)?.services ?? {}).map(({ pid }) => pid);
      const killedAt = systemClock.now();
      started.at(-1)?.child.kill('SIGKILL');
      const restart = startDev(home, started);
      await waitUntil(() => !pids.some(isAlive));
      const goneAfter = secondsSince(killedAt);
      ({ fleet } = await restart);
      // Queued tasks name the addresses: another one would leave them undelivered.
      expect(urlsOf(home)).toEqual(urls);
      tell(
        `dev killed: its processes gone after ${goneAfter} s, ready again after ${secondsSince(killedAt)} s`,
      );
    }
    await waitForEnd(observer, night, 1, () => started.at(-1)?.err() ?? '');
    expectEqualState('only-1', await readState(fleet, observer, 'only-1'), leftAlone.at(-1));
  } finally {
    for (const { child, ended } of started) {
      child.kill('SIGTERM');
      await ended;
    }
  }
}, 120_000);

interface Stage {
  readonly fleet: KillableFleet;
  readonly observer: HomeObserver;
  readonly night: number;
}

/**
 * Plays all nights on a fleet and a home of its own. Before each the provider's data is edited, and one customer of each of these names
 * joins: it begins with everything new, while the earlier ones have changes. Answers the customers' states in the end, by when they joined.
 */
async function playNights(
  name: string,
  customers: readonly string[],
  disturb: (stage: Stage) => Promise<readonly Kill[]>,
): Promise<readonly CustomerState[]> {
  await using ending = new AsyncDisposableStack();
  const fleet = await startKillableFleet(join(folder, name), sliceSeconds);
  ending.defer(fleet.stop);
  using observer = observeHome(fleet.home);
  const joined: string[] = [];
  for (const [at, night] of nights.entries()) {
    await provider.start(at);
    for (const customer of customers) {
      joined.push(`${customer}-${at + 1}`);
      await connect(fleet, `${customer}-${at + 1}`, provider.baseUrl);
    }
    const startedAt = systemClock.now();
    const asked = askForNight(fleet, night);
    const kills = await disturb({ fleet, observer, night: at });
    await asked;
    await waitForEnd(observer, night, joined.length, () => fleet.log.slice(-40).join('\n'));
    tell(`${name}, night ${at + 1}: ${kills.length} kills, ended after ${secondsSince(startedAt)} s`);
    expect(observer.countDead()).toBe(0);
  }
  return await Promise.all(joined.map((customer) => readState(fleet, observer, customer)));
}

/** As a person starts it, but with all of its output kept. */
async function startDev(home: string, started: CliProcess[]): Promise<{ readonly fleet: Fleet }> {
  // Those services alone whose ports were chosen: the others' would be looked for where other tests look.
  const dev = startCli(['dev', '--home', home, '--json', '--services', 'oneroster']);
  started.push(dev);
  await Promise.race([
    waitUntil(() => dev.out().includes('\n')),
    dev.ended.then((code) => {
      if (!dev.child.killed) throw new Error(`dev ended with ${code}: ${dev.err()}`);
    }),
  ]);
  const file = readFleetFile(home);
  if (file === undefined) throw new Error('There is no dev.json');
  return { fleet: connectFleet(file, { clock: systemClock, signal: new AbortController().signal }) };
}

function urlsOf(home: string): readonly string[] {
  return Object.values(readFleetFile(home)?.services ?? {}).map(({ url }) => url);
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  const until = systemClock.now() + patienceMs;
  while (!isSo()) {
    if (systemClock.now() > until) throw new Error('It did not come to that in a minute');
    await systemClock.sleep(10);
  }
}

/** Asks until it is answered, as Cloud Scheduler does. */
async function askForNight(fleet: Fleet, night: string): Promise<void> {
  await askPatiently(
    () => fleet.control.call('nightly.run.v1', { night }, z.unknown()),
    systemClock,
    new AbortController().signal,
  );
}

function isOver(sight: Sight): boolean {
  return (
    sight.isFannedOut &&
    sight.openRuns === 0 &&
    sight.published === sight.changes &&
    sight.unacknowledged === 0
  );
}

async function waitForEnd(
  observer: HomeObserver,
  night: string,
  runs: number,
  log: () => string,
): Promise<void> {
  const until = systemClock.now() + patienceMs;
  for (;;) {
    const sight = observer.look(night);
    if (isOver(sight) && sight.runs === runs) return;
    if (systemClock.now() > until) throw new Error(`No end: ${JSON.stringify(sight)}\n${log()}`);
    await systemClock.sleep(20);
  }
}

type When = Moment['when'];

function pagesAfter(count: number): When {
  return (now, then) => now.pages >= then.pages + count;
}

function isPushing(now: Sight): boolean {
  return now.pushing > 0;
}

/** The moments of the nights, in the order in which they come. While a lease runs out after one kill, others are killed. */
function planOf(night: number): readonly Moment[] {
  const merged: When = (now, then) => now.changes > then.changes;
  const relayed: When = (now, then) => now.published > then.published;
  const acknowledged: When = (now, then) => acknowledgedIn(now) > acknowledgedIn(then);
  const anyTime = { name: 'at any time', when: () => true, withinMs: 1_000 };
  const starting = { name: 'while it starts', when: () => true, withinMs: 700, isStarting: true } as const;
  const fetching = { name: 'while pages are fetched', when: pagesAfter(6) };
  const merging = { name: 'while changes are merged', when: merged };
  const relaying = { name: 'while changes are relayed', when: relayed };
  const writing = { name: 'while the warehouse writes', when: isPushing };
  const written = { name: 'once it has written', when: acknowledged, withinMs: 10 };
  const asked = { name: 'as it is asked for the night', when: () => true, withinMs: 20 };
  const fanOut = {
    name: 'in the fan-out',
    when: ({ fanningOut }: Sight) => fanningOut > 0,
    withinMs: 10,
    isMissed: ({ isFannedOut }: Sight) => isFannedOut,
  };
  // What a kill holds up lasts longer than what is left to do: those that hold up most come first.
  const first: readonly Moment[] = [
    { ...anyTime, victims: ['control'] },
    { ...fetching, victims: ['provider'], withinMs: 200 },
    { ...anyTime, victims: ['warehouse'] },
    { ...fetching, victims: ['oneroster'], withinMs: 200 },
    { ...starting, victims: ['oneroster'] },
    { ...anyTime, victims: ['provider'] },
    { ...anyTime, victims: ['control', 'provider'] },
    { ...starting, victims: ['control'] },
    { ...anyTime, victims: ['provider', 'warehouse'] },
    { ...starting, victims: ['warehouse'] },
    { ...writing, victims: ['warehouse'], withinMs: 20 },
    { ...anyTime, victims: ['control'] },
    { ...relaying, victims: ['oneroster', 'warehouse'], withinMs: 10 },
    { ...written, victims: ['warehouse'] },
  ];
  const second: readonly Moment[] = [
    { ...asked, victims: ['control'] },
    { ...starting, victims: ['control'] },
    { ...fanOut, victims: ['control'] },
    { ...fetching, victims: ['provider', 'oneroster'], withinMs: 300 },
    { ...starting, victims: ['oneroster'] },
    { ...anyTime, victims: ['control'] },
    { ...anyTime, victims: ['warehouse'] },
    { ...merging, victims: ['control', 'oneroster'], withinMs: 40 },
    { ...anyTime, victims: ['provider'] },
    { ...writing, victims: ['warehouse'], withinMs: 5 },
    { ...starting, victims: ['warehouse'] },
    { ...anyTime, victims: ['provider'], withinMs: 100 },
    { ...written, victims: ['warehouse'] },
    { ...anyTime, victims: ['control'] },
    {
      ...anyTime,
      name: 'all at once',
      victims: ['control', 'oneroster', 'warehouse', 'provider'],
      withinMs: 300,
    },
  ];
  return [first, second][night] ?? [];
}

function acknowledgedIn({ messages, unacknowledged }: Sight): number {
  return messages - unacknowledged;
}

/** Kills at each moment in turn, as far as the night comes; the supervisor, and here the test for the provider, start again what was killed. */
async function killThrough(
  { fleet, observer, night }: Stage,
  moments: readonly Moment[],
  draw: (below: number) => number,
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  const revivals: Promise<void>[] = [];
  const recoveries: ((sight: Sight) => boolean)[] = [];

  function look(): Sight {
    const sight = observer.look(nights[night] ?? '');
    for (const [at, recovery] of [...recoveries.entries()].toReversed())
      if (recovery(sight)) recoveries.splice(at, 1);
    return sight;
  }

  function kill({ name, victims }: Moment): void {
    const then = look();
    for (const victim of victims) {
      if (victim === 'provider') provider.kill();
      else fleet.kill(victim);
    }
    if (victims.includes('provider')) revivals.push(systemClock.sleep(300).then(() => provider.start()));
    const made: Kill = { moment: name, victims, recoveredMs: undefined };
    kills.push(made);
    const killedAt = systemClock.now();
    // A warehouse that had written everything goes on when there is more, which says nothing of its recovery.
    if (victims.includes('warehouse') && then.unacknowledged === 0) return;
    recoveries.push((now) => {
      if (!hasGoneOn(victims, now, then)) return false;
      made.recoveredMs = systemClock.now() - killedAt;
      return true;
    });
  }

  function isThere(victim: Victim, { isStarting = false }: Moment): boolean {
    const state = victim === 'provider' ? provider.state : fleet.stateOf(victim);
    return state === (isStarting ? 'starting' : 'ready');
  }

  let then = look();
  const until = systemClock.now() + patienceMs;
  nextMoment: for (const moment of moments) {
    for (;;) {
      const now = look();
      if (systemClock.now() > until || isOver(now)) {
        await Promise.all(revivals);
        return kills;
      }
      if (moment.isMissed?.(now)) continue nextMoment;
      if (moment.victims.every((victim) => isThere(victim, moment)) && moment.when(now, then)) break;
      await systemClock.sleep(3);
    }
    await systemClock.sleep(draw(moment.withinMs));
    kill(moment);
    then = look();
  }
  while (!isOver(look()) && systemClock.now() < until) await systemClock.sleep(20);
  await Promise.all(revivals);
  return kills;
}

/** Whether what the victims do has gone on since they were killed. After its fan-out nobody waits for control. */
function hasGoneOn(victims: readonly Victim[], now: Sight, then: Sight): boolean {
  return victims.every((victim) => {
    switch (victim) {
      case 'control':
        return now.isFannedOut && (!then.isFannedOut || victims.length > 1);
      case 'warehouse':
        return acknowledgedIn(now) > acknowledgedIn(then);
      case 'provider':
        // What it had sent before may still be committed: a page, and the one fetched ahead.
        return now.pages > then.pages + 2 * then.openRuns;
      case 'oneroster':
        return now.pages + now.changes + now.published > then.pages + then.changes + then.published;
    }
  });
}

async function readState(fleet: Fleet, observer: HomeObserver, customerId: string): Promise<CustomerState> {
  async function ask(sql: string): Promise<readonly object[]> {
    const answer = await fleet
      .service('warehouse')
      .call('warehouse.query.v1', { sql, maxRows: 10_000 }, QueryAnswer);
    expect(answer.truncated).toBe(false);
    return answer.rows;
  }
  const current: Record<string, readonly object[]> = {};
  const landed: Record<string, readonly object[]> = {};
  for (const entityType of entityTypeNames) {
    const name = entityType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const own = `customer_id = '${customerId}'`;
    current[entityType] = await ask(
      `SELECT * EXCLUDE (customer_id, change_id, run_id, changed_at) FROM ${name}_current WHERE ${own} ORDER BY id`,
    );
    landed[entityType] = await ask(
      `SELECT sequence, action, id, before, after FROM ${name}_changes WHERE ${own} ORDER BY sequence`,
    );
  }
  return { ...observer.readStored(customerId), current, landed };
}

/** Part by part, so that a difference is told by its place. */
function expectEqualState(name: string, found: CustomerState, expected: CustomerState | undefined): void {
  expect(found.run, `${name}: run`).toMatchObject({ state: 'succeeded', openSince: null, failure: null });
  expect(found.changes.map((change) => Reflect.get(change, 'sequence'))).toEqual(
    found.changes.map((_change, at) => at + 1),
  );
  expect(found.records.length, `${name}: a district of some size`).toBeGreaterThan(2_000);
  expect(Object.values(found.current).flat().length, `${name}: current`).toBe(found.records.length);
  expect(Object.values(found.landed).flat().length, `${name}: landed`).toBe(found.changes.length);
  for (const part of ['run', 'leftOver', 'entityTypes', 'records', 'changes', 'current', 'landed'] as const) {
    expect(found[part], `${name}: ${part}`).toEqual(expected?.[part]);
  }
}

function describeRecovery(kills: readonly Kill[]): string {
  const lines = kills.map(
    ({ moment, victims, recoveredMs }) =>
      `  ${victims.join('+').padEnd(20)} ${moment.padEnd(30)} ${recoveredMs === undefined ? 'nothing to go on with' : `${recoveredMs} ms`}`,
  );
  return [`${kills.length} kills, and how long until the fleet went on:`, ...lines].join('\n');
}

function secondsSince(at: number): string {
  return ((systemClock.now() - at) / 1000).toFixed(1);
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}
