import { expect, test } from 'vitest';
import { createSkippingClock } from './skipping-clock.ts';

test('stands still while nobody sleeps', async () => {
  const clock = createSkippingClock(1_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(clock.now()).toBe(1_000);
});

test('wakes sleepers in the order of their time, each at its own moment', async () => {
  const clock = createSkippingClock(0);
  const woken: [string, number][] = [];
  const sleep = (name: string, ms: number) => clock.sleep(ms).then(() => woken.push([name, clock.now()]));
  await Promise.all([sleep('an hour', 3_600_000), sleep('a second', 1_000), sleep('a minute', 60_000)]);
  expect(woken).toEqual([
    ['a second', 1_000],
    ['a minute', 60_000],
    ['an hour', 3_600_000],
  ]);
});

test('lets what a sleeper sets off sleep before the next one wakes', async () => {
  const clock = createSkippingClock(0);
  const moments: number[] = [];
  const ticking = (async () => {
    for (let n = 0; n < 3; n++) {
      await clock.sleep(10);
      moments.push(clock.now());
    }
  })();
  await clock.sleep(25);
  moments.push(clock.now());
  await ticking;
  expect(moments).toEqual([10, 20, 25, 30]);
});

test('does not jump to the end of a guard, and ends a sleep that is aborted', async () => {
  const clock = createSkippingClock(0, 1_000);
  const stop = new AbortController();
  const guard = clock.sleep(5_000, stop.signal);
  await clock.sleep(900);
  expect(clock.now()).toBe(900);
  stop.abort(new Error('enough'));
  await expect(guard).rejects.toThrow('enough');
  await expect(clock.sleep(1, stop.signal)).rejects.toThrow('enough');
});

test('skips ahead when told, and wakes whoever slept until then', async () => {
  const clock = createSkippingClock(0, 1_000);
  const guard = clock.sleep(5_000);
  clock.skip(5_000);
  await guard;
  expect(clock.now()).toBe(5_000);
});

test('does not jump to the end of a sleep in the background, which ends when time has come there by others', async () => {
  const clock = createSkippingClock(0, 1_000);
  const rounds: number[] = [];
  const stop = new AbortController();
  const watch = (async () => {
    for (;;) {
      await clock.sleep(10, stop.signal, { isBackground: true });
      rounds.push(clock.now());
    }
  })();
  watch.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect([clock.now(), rounds]).toEqual([0, []]);
  await clock.sleep(25);
  expect(rounds).toEqual([25]);
  stop.abort(new Error('enough'));
  await expect(watch).rejects.toThrow('enough');
});
