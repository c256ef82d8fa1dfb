import { expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { answerJson } from './scripted-server.fixture.ts';
import { finish, get, start } from './vendor-client.fixture.ts';

const budget = { remainingHeader: 'X-Rate-Limit-Remaining', slowBelow: 100, pauseMs: 2000 };
const limits = { requests: 1000, perSeconds: 1, concurrent: 4, budget };

test('requests are spaced out while the budget is low, those that wait already included, and go fast again when it is not', async () => {
  const left = [700, 99.5, 50, 0, 100, 'unknown', 250];
  const at: number[] = [];
  const stage = await start(
    (_, response, index) => {
      at.push(stage.clock.now());
      const header = { 'x-rate-limit-remaining': String(left[index] ?? 250) };
      answerJson(response, {}, index === 5 ? {} : { headers: header });
    },
    { limits: { ...limits, concurrent: 1 } },
  );
  await finish(stage.clock, Promise.all(left.map(() => get(stage.client))));
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  // The fixture's clock goes in steps of 50 ms, and the server sees a request up to one of them late.
  const isSlow = gaps.map((gap) => gap >= 1900 && gap <= 2200);
  expect(isSlow, gaps.join(' ')).toEqual([false, true, true, true, false, false]);
  for (const [index, gap] of gaps.entries()) if (!isSlow[index]) expect(gap).toBeLessThan(500);
});

test('one low answer slows down the whole client, whatever runs at once', async () => {
  const clock = createManualClock(0);
  const limiter = createRateLimiter(limits, clock);
  limiter.noteAnswer({ 'x-rate-limit-remaining': '3.2' });
  const at: number[] = [];
  for (let index = 0; index < 4; index++) void limiter.acquire().then(() => at.push(clock.now()));
  await clock.advance(10_000);
  expect(at).toEqual([0, 2000, 4000, 6000]);
});

test('an answer that says nothing of the budget changes nothing', async () => {
  const clock = createManualClock(0);
  const limiter = createRateLimiter(limits, clock);
  limiter.noteAnswer({ 'x-rate-limit-remaining': '3' });
  limiter.noteAnswer({});
  limiter.noteAnswer({ 'x-rate-limit-remaining': 'plenty' });
  const at: number[] = [];
  for (let index = 0; index < 2; index++) void limiter.acquire().then(() => at.push(clock.now()));
  await clock.advance(10_000);
  expect(at).toEqual([0, 2000]);
});
