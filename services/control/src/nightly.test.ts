import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { putIntegration, readIntegration, updateRun } from '@flotilla/substrate/store';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { fanOutTaskOf, openControl, pause, register, runNight } from './control.fixture.ts';

const night = '2026-01-01';

function runTasks({ enqueued }: ServiceStage) {
  return enqueued.filter(({ queue }) => queue !== 'control');
}

interface NightRun extends JsonObject {
  readonly customerId: string;
  readonly integrationId: string;
  readonly runId: string;
}

async function runsOf(stage: ServiceStage, asked = night, limit = 1000) {
  return (await stage.result('nightly.get.v1', { night: asked, limit })).runs as readonly NightRun[];
}

/** The run that each task is for, in order. */
function runIdsOf(tasks: ReturnType<typeof runTasks>): readonly string[] {
  return tasks.map(({ body }) => (body as NightRun).runId).sort();
}

describe('nightly.run', () => {
  test('answers at once, queues one fan-out a night however often it is asked, and starts no run itself', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');

    expect(await stage.result('nightly.run.v1', { night })).toEqual({ night, created: true });
    expect(await stage.result('nightly.run.v1', { night })).toEqual({ night, created: false });

    expect(await stage.pending('control')).toBe(1);
    expect(runTasks(stage)).toEqual([]);
    expect(await stage.result('nightly.get.v1', { night })).toEqual({
      night,
      state: 'queued',
      tally: { runs: {}, leftOut: {} },
      runs: [],
      next: null,
      leftOut: [],
      nextLeftOut: null,
    });
  });

  test("means today's date in UTC where none is given", async () => {
    const stage = await openControl();
    await stage.clock.advance(24 * 3_600_000 - 1);
    expect(await stage.result('nightly.run.v1', {})).toMatchObject({ night: '2026-01-01' });
    await stage.clock.advance(1);
    expect(await stage.result('nightly.run.v1', {})).toMatchObject({ night: '2026-01-02' });
  });

  test.each(['tonight', '2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z'])('refuses %j', async (wrong) => {
    const stage = await openControl();
    expect((await stage.call('nightly.run.v1', { night: wrong })).error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer: '/night' }],
    });
  });

  test('refuses a night so far ahead that no task can wait for it', async () => {
    const stage = await openControl();
    expect(await stage.result('nightly.run.v1', { night: '2026-01-29' })).toMatchObject({ created: true });
    expect((await stage.call('nightly.run.v1', { night: '2026-01-30' })).error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer: '/night', message: 'at most 28 days ahead: ask again when it is nearer' }],
    });
  });

  test('asked by three at the same moment is one night', async () => {
    const stage = await openControl();
    const answers = await Promise.all([1, 2, 3].map(() => stage.result('nightly.run.v1', { night })));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await stage.pending('control')).toBe(1);
  });
});

describe('the fan-out', () => {
  test('starts exactly one run for each active integration of every customer, and passes paused ones over', async () => {
    const stage = await openControl();
    await register(stage, 'shelbyville', ['a', 'b']);
    await register(stage, 'springfield', ['a', 'paused']);
    await register(stage, 'without-integrations', []);
    await pause(stage, 'springfield', 'paused');

    await runNight(stage, night);

    const runs = await runsOf(stage);
    expect(runs.map(({ customerId, integrationId }) => `${customerId}/${integrationId}`).toSorted()).toEqual([
      'shelbyville/a',
      'shelbyville/b',
      'springfield/a',
    ]);
    expect(runs).toEqual(
      runs.map((run) => ({
        ...run,
        context: 'nightly',
        method: 'nightly.run.v1',
        state: 'queued',
        vendor: 'oneroster',
      })),
    );
    const tasks = runTasks(stage);
    expect(runIdsOf(tasks)).toEqual(runs.map(({ runId }) => runId).toSorted());
    for (const { queue, url, body } of tasks) {
      expect(queue).toBe('oneroster-nightly');
      expect(url).toBe('http://oneroster.invalid/tasks/run-slice');
      expect(body).toMatchObject({ slice: 0 });
    }
    expect(await stage.pending('oneroster-nightly')).toBe(3);
    expect(stage.logged.join('')).toMatch(/"runs":3,"message":"A night has begun"/);
    expect(await stage.result('nightly.get.v1', { night })).toMatchObject({
      leftOut: [
        { customerName: 'The springfield district', integrationId: 'paused', at: null, reason: 'paused' },
      ],
      runs: ['shelbyville', 'shelbyville', 'springfield'].map((id) => ({
        customerName: `The ${id} district`,
      })),
      nextLeftOut: null,
    });
  });

  test('of more integrations than one page holds reaches every one of them', async () => {
    const stage = await openControl();
    const ids = Array.from({ length: 105 }, (_, index) => `i${String(index).padStart(3, '0')}`);
    await register(stage, 'springfield', ids);

    await runNight(stage, night);

    const runs = await runsOf(stage);
    expect(runs.map(({ integrationId }) => integrationId).toSorted()).toEqual(ids);
    expect(await stage.pending('oneroster-nightly')).toBe(105);
  });

  test('delivered again, at the same moment or much later, starts nothing twice', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await stage.result('nightly.run.v1', { night });
    const task = fanOutTaskOf(stage, night);

    await Promise.all([stage.deliver(task), stage.deliver(task)]);
    const runs = await runsOf(stage);
    await stage.clock.advance(10 * 60_000);
    await stage.deliver(task);

    expect(await runsOf(stage)).toEqual(runs);
    expect(runs).toHaveLength(2);
    expect(await stage.pending('oneroster-nightly')).toBe(2);
  });

  test('asked for again later is made again: it finds what has joined, and starts nothing twice', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await pause(stage, 'springfield', 'b');
    await runNight(stage, night);
    const [first] = await runsOf(stage);
    await stage.clock.advance(3_600_000);
    await pause(stage, 'springfield', 'b', 'active');

    expect(await stage.result('nightly.run.v1', { night })).toEqual({ night, created: false });
    await stage.deliver(fanOutTaskOf(stage, night));

    const runs = await runsOf(stage);
    expect(runs.map(({ integrationId }) => integrationId).toSorted()).toEqual(['a', 'b']);
    expect(runs).toContainEqual(first);
    expect(await stage.result('nightly.get.v1', { night })).toMatchObject({ state: 'started', leftOut: [] });
  });

  test('asked for again at the very moment at which it ended has a task of its own, whose name is not taken', async () => {
    const stage = await openControl();
    await runNight(stage, night);
    await runNight(stage, night);
    const tasks = stage.enqueued.filter(({ queue }) => queue === 'control');
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(2);
    expect(await stage.result('nightly.get.v1', { night })).toMatchObject({ state: 'started' });
  });

  test('of another night starts other runs', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await runNight(stage, '2026-01-01');
    await runNight(stage, '2026-01-02');

    const [first, second] = [await runsOf(stage, '2026-01-01'), await runsOf(stage, '2026-01-02')];
    expect(first).toHaveLength(1);
    expect(second).toHaveLength(1);
    expect(first[0]?.runId).not.toBe(second[0]?.runId);
  });

  test('killed at any of its effects and delivered again ends as one that was left alone', async () => {
    const undisturbed = await liveThrough(undefined);
    expect(undisturbed.effects).toBeGreaterThan(6);
    expect(undisturbed.state).toMatchObject({ state: 'started', pending: 3 });
    expect(undisturbed.state.runs).toHaveLength(3);

    for (let effect = 1; effect <= undisturbed.effects; effect++) {
      for (const moment of ['before', 'after'] as const) {
        const { state } = await liveThrough({ effect, moment });
        expect(state, `killed ${moment} effect ${effect}`).toEqual(undisturbed.state);
      }
    }
  });

  test('goes on past an integration whose vendor is not part of the fleet any more, and says so', async () => {
    const stage = await openControl();
    await register(stage, 'springfield');
    await stage.store.transaction(async (transaction) => {
      const known = await readIntegration(transaction, 'springfield', 'oneroster');
      putIntegration(transaction, { ...known, integrationId: 'gone', vendor: 'defunct' }, true);
    });

    await runNight(stage, night);

    expect(await stage.result('nightly.get.v1', { night })).toMatchObject({
      state: 'started',
      runs: [{ integrationId: 'oneroster' }],
      leftOut: [{ integrationId: 'gone', reason: 'vendor_not_deployed' }],
    });
    expect(stage.logged.join('')).toContain('An integration has no nightly run');
    expect(stage.logged.join('')).toMatch(/"runs":1,"message":"A night has begun"/);
  });

  test('spreads the runs over the window, each at the same place in every fleet', async () => {
    const nightlySpreadMs = 3_600_000;
    const schedule = async () => {
      const stage = await openControl({ settings: { nightlySpreadMs } });
      await register(
        stage,
        'springfield',
        Array.from({ length: 40 }, (_, index) => `i${index}`),
      );
      await runNight(stage, night);
      const start = stage.clock.now();
      return runTasks(stage).map(({ name, scheduleAt = start }) => ({ name, after: scheduleAt - start }));
    };
    const byName = (tasks: Awaited<ReturnType<typeof schedule>>) =>
      tasks.toSorted((a, b) => String(a.name).localeCompare(String(b.name)));

    const first = await schedule();

    expect(byName(await schedule())).toEqual(byName(first));
    const places = first.map(({ after }) => after).toSorted((a, b) => a - b);
    expect(places).toHaveLength(40);
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(places.at(-1)).toBeLessThan(nightlySpreadMs);
    // Each quarter of the hour has its share; 40 even throws leave one empty once in 25,000 times, and these are always the same ones.
    for (const quarter of [0, 1, 2, 3]) {
      expect(places.filter((place) => Math.floor((place * 4) / nightlySpreadMs) === quarter)).not.toEqual([]);
    }
  });

  test('begins at once where there is no window', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await runNight(stage, night);
    expect(runTasks(stage).map(({ scheduleAt }) => scheduleAt)).toEqual([undefined, undefined]);
  });
});

describe('nightly.get', () => {
  test('shows what was left out once, a page at a time', async () => {
    const stage = await openControl();
    for (const customerId of ['a', 'b', 'c']) {
      await register(stage, customerId, ['x', 'y']);
      for (const integrationId of ['x', 'y']) await pause(stage, customerId, integrationId);
    }
    await runNight(stage, night);

    const seen: string[] = [];
    let afterLeftOut: JsonObject | undefined;
    do {
      const params = { night, limit: 4, ...(afterLeftOut === undefined ? {} : { afterLeftOut }) };
      const page = await stage.result('nightly.get.v1', params);
      const leftOut = page.leftOut as readonly NightRun[];
      seen.push(...leftOut.map(({ customerId, integrationId }) => `${customerId}/${integrationId}`));
      afterLeftOut = (page.nextLeftOut as JsonObject | null) ?? undefined;
    } while (afterLeftOut !== undefined);

    expect(seen).toEqual(['a/x', 'a/y', 'b/x', 'b/y', 'c/x', 'c/y']);
  });

  test('shows each run once, a page at a time, over many customers', async () => {
    const stage = await openControl();
    for (const customerId of ['a', 'b', 'c']) await register(stage, customerId, ['x', 'y']);
    await runNight(stage, '2025-12-31');
    await runNight(stage, night);

    const seen: unknown[] = [];
    let after: JsonObject | undefined;
    do {
      const params = { night, limit: 4, ...(after === undefined ? {} : { after }) };
      const page = await stage.result('nightly.get.v1', params);
      const runs = page.runs as readonly JsonObject[];
      expect(runs.length).toBeLessThanOrEqual(4);
      seen.push(...runs.map(({ runId }) => runId));
      after = (page.next as JsonObject | null) ?? undefined;
    } while (after !== undefined);

    const all = (await runsOf(stage)).map(({ runId }) => runId);
    expect(seen).toEqual(all);
    expect(new Set(all).size).toBe(6);
  });

  test('counts the whole night by state and reason, and shows the runs of some states only, where that is asked for', async () => {
    const stage = await openControl();
    for (const customerId of ['a', 'b']) await register(stage, customerId, ['x', 'y']);
    await pause(stage, 'b', 'y');
    await runNight(stage, night);
    const failed = (await runsOf(stage)).find(({ customerId }) => customerId === 'b')?.runId ?? '';
    await stage.store.transaction(async (transaction) =>
      updateRun(transaction, { customerId: 'b', runId: failed }, { state: 'failed', openSince: null }),
    );

    const page = await stage.result('nightly.get.v1', { night, states: ['failed', 'partial'], limit: 1 });
    const { customerId, runId } = page.next as JsonObject;
    const rest = await stage.result('nightly.get.v1', {
      night,
      states: ['failed'],
      after: { customerId: customerId as string, runId: runId as string },
    });

    expect(page).toMatchObject({
      tally: { runs: { queued: 2, failed: 1 }, leftOut: { paused: 1 } },
      runs: [{ runId: failed }],
      leftOut: [{ integrationId: 'y' }],
    });
    expect(rest).toMatchObject({ tally: page.tally, runs: [], next: null });
  });

  test("refuses to go on after another night's run, which would repeat or leave out this night's", async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await runNight(stage, '2025-12-31');
    await runNight(stage, night);
    const [before] = await runsOf(stage, '2025-12-31');
    const runId = before?.runId ?? '';

    const { error } = await stage.call('nightly.get.v1', {
      night,
      after: { customerId: 'springfield', runId },
    });

    expect(error?.data).toMatchObject({ code: 'not_found', runId });
  });

  test('does not know a night that was not asked for', async () => {
    const stage = await openControl();
    expect((await stage.call('nightly.get.v1', { night })).error?.data).toMatchObject({
      code: 'not_found',
      night,
    });
  });
});

/** A fan-out of three integrations that dies where it is told to, and then is delivered until it is through. */
async function liveThrough(
  diesAt: { readonly effect: number; readonly moment: 'before' | 'after' } | undefined,
) {
  const killed = new Error('kill -9');
  let isArmed = false;
  let isDead = false;
  let effects = 0;
  const stage = await openControl({
    onEffect(moment) {
      if (!isArmed) return;
      if (moment === 'before' && !isDead) effects++;
      if (diesAt?.effect === effects && diesAt.moment === moment) isDead = true;
      if (isDead) throw killed;
    },
  });
  await register(stage, 'springfield', ['a', 'b', 'c']);
  isArmed = true;
  for (let delivery = 0; delivery < 3; delivery++) {
    try {
      await stage.result('nightly.run.v1', { night });
      await stage.deliver(fanOutTaskOf(stage, night));
      break;
    } catch (thrown) {
      if (!isDead) throw thrown;
      [isArmed, isDead] = [false, false];
    }
  }
  isArmed = false;
  const { state, runs } = await stage.result('nightly.get.v1', { night });
  return { effects, state: { state, runs, pending: await stage.pending('oneroster-nightly') } };
}
