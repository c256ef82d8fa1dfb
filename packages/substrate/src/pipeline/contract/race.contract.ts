import { describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import type { Clock } from '../../clock/clock.ts';
import { readLease } from '../../store/leases.ts';
import { type CommitLog, createCommitLog } from '../commit-log.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { type AskedRun, owner } from '../pipeline.fixture.ts';
import { openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

const minuteMs = 60_000;

interface RaceCases {
  /** Seeds of the workers' pauses. */
  readonly races: readonly number[];
  /** After how many of its commits and requests a worker stands still. */
  readonly stalls: readonly number[];
}

/** Workers that are at it at the same time, in as many races and stalls as given. */
export function describeRaces(
  seat: PipelineSeat,
  { races = [1, 2, 3, 4, 5, 6], stalls = [5, 12, 21, 30, 40, 55] }: Partial<RaceCases> = {},
): void {
  const book = openGradebookSeat(seat);
  let clock: ManualClock;
  let log: CommitLog;

  async function begin(): Promise<void> {
    clock = createManualClock();
    await book.begin({}, { clock });
    log = createCommitLog();
  }

  const data = () => seat.fixture.school.data;

  /** Something for every stage of a run to do, on both sides. */
  async function changeMuch(): Promise<void> {
    data().users.splice(0, 1);
    data().users.push({ id: 'u9', given: 'New', family: 'Comer' });
    Object.assign(data().users[0] as object, { family: 'Ashby' });
    await book.edit('user', 'u3', { familyName: 'Rowan' });
    await book.remove('user', 'u4');
  }

  /** What both sides have when all is done. */
  async function expectInStep(): Promise<void> {
    const families = { u2: 'Ashby', u3: 'Rowan', u5: 'Oakley', u9: 'Comer' };
    const rows = await seat.storedUsers();
    expect(Object.fromEntries(rows.map((row) => [row.recordId, row.value?.familyName]))).toEqual(families);
    expect(rows.every((row) => row.editedAt === null && row.openConflicts === 0)).toBe(true);
    expect(Object.fromEntries(data().users.map(({ id, family }) => [id, family]))).toEqual(families);
    // One change each, whoever made it; ours of the beginning, and our two edits, are among them.
    const changes = await seat.allChanges();
    expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_one, index) => index + 1));
    expect(
      changes
        .slice(6)
        .map(({ action, recordId }) => `${action} ${recordId}`)
        .toSorted(),
    ).toEqual(['create u9', 'delete u1', 'delete u4', 'update u2', 'update u3']);
  }

  /** Turns of the event loop, as many as a die says: from 0 to 6. Seeded, so that a race can be run again. */
  function pauses(seed: number): () => Promise<void> {
    let state = seed;
    return async () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      for (let turns = (state >>> 16) % 7; turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
    };
  }

  async function finish(runId: string, worker: RunWorker): Promise<void> {
    while (['waiting', 'continued'].includes(await seat.fixture.deliver(runId, { worker })));
  }

  describe('two workers on one integration', () => {
    test.each(races)('with the same task twice or thrice do it once (race %d)', async (seed) => {
      await begin();
      await changeMuch();
      const runId = await seat.fixture.start();

      await Promise.all(
        ['a', 'b', 'c'].map((name, index) =>
          seat.fixture.deliver(runId, {
            worker: log.watch(seat.fixture.worker, name, pauses(seed * 10 + index)),
          }),
        ),
      );

      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
      expect(log.faults()).toEqual([]);
      expect(new Set(log.commits.map(({ token }) => token)).size).toBeGreaterThan(1);
      await expectInStep();
    });

    test.each(races)('with different runs work one after the other (race %d)', async (seed) => {
      await begin();
      await changeMuch();
      const asked: readonly AskedRun[] = [
        { context: 'nightly' },
        { context: 'manual' },
        { context: 'realtime', entityTypes: ['user'], recordIds: ['u2', 'u3', 'u4'] },
      ];
      const runIds = await Promise.all(asked.map((request) => seat.fixture.start(request)));

      await Promise.all(
        runIds.map((runId, index) =>
          finish(runId, log.watch(seat.fixture.worker, `worker ${index}`, pauses(seed * 10 + index))),
        ),
      );

      for (const runId of runIds) expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
      expect(log.faults()).toEqual([]);
      await expectInStep();
      // Each run's changes stand together.
      const byRun = (await seat.allChanges()).slice(6).map((change) => change.runId);
      const turns = byRun.filter((runId, index) => runId !== byRun[index - 1]);
      expect(turns).toHaveLength(new Set(byRun).size);
      const { customerId, integrationId } = owner;
      expect(await readLease(seat.fixture.platform.store, customerId, integrationId)).toMatchObject({
        runId: null,
      });
    });
  });

  describe('a worker that stands still until its lease is over', () => {
    /** It stands still before its nth commit: nothing in its process moves, and its own clock wakes nobody. */
    async function standStill(commits: number, meanwhile: () => Promise<void>): Promise<string> {
      const runId = await seat.fixture.start({ context: 'nightly' });
      let left = commits;
      const frozen: Clock = {
        now: () => clock.now(),
        sleep: (ms, signal) => (ms > 0 ? forever(signal) : Promise.resolve()),
      };
      const { worker } = seat.fixture;
      const watched = log.watch(worker, 'still', async () => {
        // Twice a commit: before and after.
        if (--left === 0) await meanwhile();
      });
      expect(await seat.fixture.deliver(runId, { worker: { ...watched, clock: frozen } })).toBe('stale');
      return runId;
    }

    test.each(stalls)('cannot write after another run has begun (from moment %d on)', async (moment) => {
      await begin();
      await changeMuch();
      let isOvertaken = false;

      const runId = await standStill(moment, async () => {
        await clock.advance(10 * minuteMs);
        await finish(
          await seat.fixture.start({ context: 'manual' }),
          log.watch(seat.fixture.worker, 'other', () => Promise.resolve()),
        );
        isOvertaken = true;
      });

      expect(isOvertaken).toBe(true);
      expect(log.faults()).toEqual([]);
      expect(log.commits.at(-1)?.worker).toBe('other');
      await expectInStep();
      // Its task comes again, or the sweep brings it: then it finds what is left, which is nothing.
      await finish(runId, seat.fixture.worker);
      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
      await expectInStep();
    });
  });

  describe('a worker that takes long', () => {
    test('keeps its lease, though it commits nothing for longer than that lasts', async () => {
      await begin();
      await changeMuch();
      const other = await seat.fixture.start({ context: 'manual' });
      const tries: string[] = [];
      const slow = book.around({
        async before({ method }) {
          if (method !== 'PUT') return;
          for (let minutes = 0; minutes < 30; minutes += 3) {
            await clock.advance(3 * minuteMs);
            tries.push(await seat.fixture.deliver(other));
          }
        },
      });

      const runId = await seat.fixture.start({ context: 'nightly' });
      expect(await seat.fixture.deliver(runId, { worker: { ...slow, sliceMs: 60 * minuteMs } })).toBe(
        'finished',
      );

      expect(tries).toHaveLength(10);
      expect(new Set(tries)).toEqual(new Set(['waiting']));
      expect((await seat.fixture.outcome(runId)).run.state).toBe('succeeded');
    });

    test('is stopped where it stands when its task comes a second time', async () => {
      await begin();
      await changeMuch();
      const runId = await seat.fixture.start({ context: 'nightly' });
      let asked = 0;
      const slow = book.around({
        async before({ method }) {
          if (method !== 'PUT' || asked++ > 0) return;
          await seat.fixture.deliver(runId);
          // The next time that it would prolong its lease it hears of it.
          await clock.advance(3 * minuteMs);
        },
      });

      expect(await seat.fixture.deliver(runId, { worker: slow })).toBe('stale');

      expect((await seat.fixture.outcome(runId)).run).toMatchObject({ state: 'succeeded', slice: 0 });
      await expectInStep();
    });
  });
}

function forever(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
