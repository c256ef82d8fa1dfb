import { describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { putConflicts } from '../../store/conflicts.ts';
import { paperDistrict } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { owner } from '../pipeline.fixture.ts';
import { openGradebookSeat } from './gradebook-seat.contract.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** A vendor that tells whether anything has happened spares us reading everything. */
export function describeFeed(seat: PipelineSeat): void {
  const book = openGradebookSeat(seat);
  let clock: ManualClock;

  /** In step with the vendor's feed as it stands. */
  async function begin(): Promise<void> {
    await open();
    data().events.push('e1');
    await seat.fixture.choose({ writeBack: ['user'] });
    expect((await night()).state).toBe('succeeded');
  }

  async function open(): Promise<void> {
    clock = createManualClock();
    await seat.renew({ clock, vendor: paperDistrict });
  }

  const data = () => seat.fixture.school.data;

  /** The state in which a night's run ends, and what it asked the vendor for. */
  async function night(overrides?: Partial<RunWorker>) {
    seat.fixture.school.clearRequests();
    // What was edited before it was edited before.
    await clock.advance(1_000);
    const { run, user } = await seat.fixture.sync(overrides, { context: 'nightly' });
    const asked = seat.fixture.school.requests().map(({ method, path }) => `${method} ${path}`);
    return { state: run.state, counts: user?.counts, asked, run };
  }

  function changeUser(family: string): void {
    Object.assign(data().users[0] as object, { family });
  }

  describe('a feed without news', () => {
    test('ends the run as unchanged, after one request and without a record read', async () => {
      await begin();
      const changes = await seat.allChanges();

      const { run, asked, counts } = await night();

      expect(run).toMatchObject({ state: 'unchanged', openSince: null, finishedAt: expect.any(String) });
      expect(asked).toEqual(['GET /events']);
      expect(counts).toBeUndefined();
      expect(await seat.allChanges()).toEqual(changes);
    });

    test('lets the run after it end so too', async () => {
      await begin();
      expect([(await night()).state, (await night()).state]).toEqual(['unchanged', 'unchanged']);
    });

    test('says nothing of other entity types than those that were followed', async () => {
      await begin();
      const some = await seat.fixture.sync({}, { entityTypes: ['user'] });
      expect(some.run.state).toBe('succeeded');
    });

    test('is not asked for by a dry run, which shows what is', async () => {
      await begin();
      const { run, user } = await seat.fixture.sync({}, { isDryRun: true });
      expect([run.state, user?.counts.unchanged]).toEqual(['succeeded', 5]);
    });
  });

  describe('news in the feed', () => {
    test('have everything read, and are no news to the run after', async () => {
      await begin();
      changeUser('Ashby');
      data().events.push('e2');

      const after = await night();

      expect([after.state, after.counts?.updated]).toEqual(['succeeded', 1]);
      expect((await night()).state).toBe('unchanged');
    });

    test('that come while a run reads are not lost', async () => {
      await begin();
      data().events.push('e2');
      const { openClient } = seat.fixture.worker;
      let isRead = false;

      const reading = await night({
        openClient: (options) => {
          const client = openClient(options);
          return {
            ...client,
            async fetchPage(request) {
              const page = await client.fetchPage(request);
              // Its page has been read when it changes.
              if (request.path === '/users' && !isRead) {
                isRead = true;
                changeUser('Ashby');
                data().events.push('e3');
              }
              return page;
            },
          };
        },
      });
      const after = await night();

      expect([reading.state, reading.counts?.updated]).toEqual(['succeeded', 0]);
      expect([after.state, after.counts?.updated]).toEqual(['succeeded', 1]);
    });

    test('that come between two slices of a run are not lost', async () => {
      await begin();
      data().events.push('e2');
      const runId = await seat.fixture.start();
      const exhausted = { ...seat.fixture.worker, openClient: seat.exhaustAfter(3, clock) };
      expect(await seat.fixture.deliver(runId, { worker: exhausted })).toBe('continued');
      changeUser('Ashby');
      data().events.push('e3');
      while ((await seat.fixture.deliver(runId)) !== 'finished');

      expect((await night()).counts?.updated).toBe(1);
      expect((await night()).state).toBe('unchanged');
    });

    test('are read again after a run that failed', async () => {
      await begin();
      changeUser('Ashby');
      data().events.push('e2');
      seat.fixture.school.addFault('GET /users: 401');
      expect((await night()).state).toBe('failed');
      seat.fixture.school.clearFaults();

      expect((await night()).counts?.updated).toBe(1);
    });

    test('are read again after a run that left something undone', async () => {
      await begin();
      changeUser('Ashby');
      data().events.push('e2');
      seat.fixture.school.addFault('GET /users: 403');
      expect((await night()).state).toBe('partial');
      seat.fixture.school.clearFaults();

      expect((await night()).counts?.updated).toBe(1);
      expect((await night()).state).toBe('unchanged');
    });

    test('are read again after a run that is held', async () => {
      await begin();
      await seat.fixture.choose({
        writeBack: ['user'],
        limits: { toOurs: { update: { percent: 0, floor: 0 } } },
      });
      changeUser('Ashby');
      data().events.push('e2');

      expect([(await night()).state, (await night()).state]).toEqual(['held', 'held']);
    });
  });

  describe('a feed that says nothing', () => {
    test('because it is empty has everything read', async () => {
      await open();
      expect([(await night()).counts?.created, (await night()).counts?.unchanged]).toEqual([5, 5]);
    });

    test.each(['500', '403', '404', 'html 200'])(
      'because it answers %s has everything read, and the log says so',
      async (fault) => {
        await begin();
        seat.fixture.school.addFault(`GET /events: ${fault} times=always`);

        const { state, counts } = await night();

        expect([state, counts?.unchanged]).toEqual(['succeeded', 5]);
        expect(seat.fixture.logged.join('')).toContain('event feed could not be read');
        seat.fixture.school.clearFaults();
        expect((await night()).state).toBe('unchanged');
      },
    );

    test('because the vendor wants us to wait has the run wait', async () => {
      await begin();
      seat.fixture.school.addFault('GET /events: 429 retry-after=60 times=1');
      const runId = await seat.fixture.start();

      expect(await seat.fixture.deliver(runId)).toBe('waiting');
    });
  });

  describe('news of our own', () => {
    test('are brought to a vendor that has none, and once only', async () => {
      await begin();
      await book.edit('user', 'u1', { familyName: 'Ashby' });

      const after = await night();

      expect([after.state, after.counts?.pushUpdated]).toEqual(['succeeded', 1]);
      expect((await night()).state).toBe('unchanged');
    });

    test('that the vendor refuses are tried every night', async () => {
      await begin();
      await book.edit('user', 'u1', { familyName: 'Ashby' });
      seat.fixture.school.addFault('PUT *: 422 times=always');

      for (const state of ['partial', 'partial']) expect((await night()).state).toBe(state);
    });

    test('that go nowhere are looked at once', async () => {
      await begin();
      await book.edit('org', 'o1', { name: 'Oak Hill' });

      expect([(await night()).state, (await night()).state]).toEqual(['succeeded', 'unchanged']);
    });

    test('are other choices, also back to the ones before', async () => {
      await begin();
      await seat.fixture.choose({ writeBack: ['user'], merge: { default: 'resolveTheirs' } });
      expect([(await night()).state, (await night()).state]).toEqual(['succeeded', 'unchanged']);
      await seat.fixture.choose({
        writeBack: ['user'],
        references: 'ignore',
        merge: { default: 'resolveTheirs' },
      });
      expect([(await night()).state, (await night()).state]).toEqual(['succeeded', 'unchanged']);
      await seat.fixture.choose({ writeBack: ['user'] });
      expect([(await night()).state, (await night()).state]).toEqual(['succeeded', 'unchanged']);
    });

    test('are decisions on conflicts, and open conflicts are not', async () => {
      await begin();
      await seat.fixture.choose({});
      changeUser('Ashby');
      await book.edit('user', 'u1', { familyName: 'Rowan' });
      data().events.push('e2');
      expect((await night()).counts?.conflicted).toBe(1);
      expect((await night()).state).toBe('unchanged');
      const decision = {
        choice: 'theirs',
        reason: null,
        decidedBy: 'x',
        decidedAt: '2026-01-01T00:00:00Z',
      } as const;
      const [conflict] = await book.conflicts();
      expect(conflict).toMatchObject({ ...owner, recordId: 'u1', state: 'open' });
      await seat.fixture.platform.store.transaction(async (transaction) => {
        if (conflict !== undefined) putConflicts(transaction, [{ ...conflict, state: 'decided', decision }]);
      });

      const after = await night();

      expect([after.state, after.counts?.updated]).toEqual(['succeeded', 1]);
      expect((await night()).state).toBe('unchanged');
    });
  });

  test('a collection that the vendor does not offer is no reason to read the others every night', async () => {
    await open();
    seat.fixture.school.addFault('GET /demographics: 404');
    data().events.push('e1');

    expect([(await night()).state, (await night()).state]).toEqual(['succeeded', 'unchanged']);
  });
}
