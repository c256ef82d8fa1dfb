import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createManualClock } from './clock.manual.ts';
import { systemClock } from './clock.system.ts';

describe('the manual clock', () => {
  test('stands still until told, from the first of January 2026 or from where it is set', async () => {
    const clock = createManualClock();

    await new Promise((resolve) => setTimeout(resolve, 5));

    expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
    expect(createManualClock(42).now()).toBe(42);
  });

  test('wakes sleepers in order of their time, each at its own time', async () => {
    const clock = createManualClock(0);
    const woken: [string, number][] = [];
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
    ] as const) {
      void clock.sleep(ms).then(() => woken.push([name, clock.now()]));
    }

    await clock.advance(25);

    expect(woken).toEqual([
      ['a', 10],
      ['b', 20],
    ]);
    expect(clock.now()).toBe(25);
    expect(clock.sleeping).toBe(1);
  });

  test('wakes sleepers of the same time in the order in which they lay down', async () => {
    const clock = createManualClock(0);
    const woken: string[] = [];
    for (const name of ['first', 'second', 'third']) void clock.sleep(10).then(() => woken.push(name));

    await clock.advance(10);

    expect(woken).toEqual(['first', 'second', 'third']);
  });

  test('lets a loop of sleeps run through within one advance', async () => {
    const clock = createManualClock(0);
    const ticks: number[] = [];
    async function tick() {
      for (let count = 0; count < 5; count++) {
        await clock.sleep(100);
        ticks.push(clock.now());
      }
    }
    const ticking = tick();

    await clock.advance(450);
    expect(ticks).toEqual([100, 200, 300, 400]);

    await clock.advance(50);
    await ticking;
    expect(ticks).toHaveLength(5);
  });

  test('what a woken sleeper sets off settles before the next one wakes', async () => {
    const clock = createManualClock(0);
    const events: string[] = [];
    void clock.sleep(10).then(async () => {
      events.push('a wakes');
      for (let round = 0; round < 20; round++) await Promise.resolve();
      events.push('a is done');
    });
    void clock.sleep(11).then(() => events.push('b wakes'));

    await clock.advance(11);

    expect(events).toEqual(['a wakes', 'a is done', 'b wakes']);
  });

  test('does not hold up who sleeps for nothing', async () => {
    const clock = createManualClock(0);

    await clock.sleep(0);
    await clock.sleep(-5);

    expect(clock.sleeping).toBe(0);
  });

  test('forgets its listener once it has woken', async () => {
    const clock = createManualClock(0);
    const { signal } = new AbortController();
    const sleep = clock.sleep(10, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);

    await clock.advance(10);
    await sleep;

    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

const clocks = { manual: () => createManualClock(), system: () => systemClock };

describe.each(Object.entries(clocks))('every clock (%s)', (_name, create) => {
  test('rejects a sleep with the reason of a signal that aborts', async () => {
    const controller = new AbortController();
    const sleep = create().sleep(60_000, controller.signal);

    controller.abort(new Error('shutting down'));

    await expect(sleep).rejects.toThrow('shutting down');
  });

  test('rejects at once when the signal was aborted before', async () => {
    await expect(create().sleep(60_000, AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
  });

  test('wakes nobody whose sleep was aborted', async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toThrow();

    await clock.advance(20);

    expect(clock.sleeping).toBe(0);
  });
});

describe('the system clock', () => {
  test('tells the time of day', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  });

  test('sleeps about as long as asked', async () => {
    const start = performance.now();

    await systemClock.sleep(30);

    expect(performance.now() - start).toBeGreaterThanOrEqual(28);
  });

  test('a sleep of more than 24.8 days, which Node cannot time in one go, does not end at once', async () => {
    const controller = new AbortController();
    let ended = false;
    const sleep = systemClock.sleep(40 * 24 * 3600 * 1000, controller.signal).finally(() => {
      ended = true;
    });

    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(false);

    controller.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
  });
});
