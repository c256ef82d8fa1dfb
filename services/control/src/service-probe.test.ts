import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { Failure } from '@flotilla/substrate/failure';
import { describe, expect, test } from 'vitest';
import { createServiceProbe } from './service-probe.ts';

const silent = new Failure('unavailable', 'It does not answer', {
  data: { reason: 'late', waitedMs: 2_500 },
});
const options = { signal: new AbortController().signal, timeoutMs: 2_500 };

/** A probe of services that answer with a version or fail, as they are told. */
function createProbe(answers: Readonly<Record<string, () => string | Failure>>) {
  const clock = createManualClock();
  const peers = {
    async call(service: string) {
      const answer = answers[service]?.() ?? 'none';
      if (answer instanceof Failure) throw answer;
      return { info: { version: answer } } as never;
    },
  };
  const probe = createServiceProbe({ peers, clock });
  const look = async (service: string) => (await probe.look(service, options)).state;
  return { clock, probe, look };
}

describe('a look at a service', () => {
  test.each([
    ['ready', () => '1.2.3', null],
    ['starting', () => silent, 'It does not answer: late'],
    [
      'unreachable',
      () => new Failure('unavailable', 'Refused', { data: { reason: 'ECONNREFUSED' } }),
      'Refused: ECONNREFUSED',
    ],
    ['notReady', () => new Failure('unavailable', 'It stops', { data: { status: 503 } }), 'It stops'],
    ['notReady', () => new Failure('config_invalid', 'It lets nobody in'), 'It lets nobody in'],
  ])('finds it %s', async (state, answer, reason) => {
    const { probe } = createProbe({ clever: answer });
    const version = state === 'ready' ? '1.2.3' : null;
    expect(await probe.look('clever', options)).toEqual({ state, reason, version });
  });

  test('takes one for starting as long as that may take, then for unreachable, and for starting again after nobody asked it', async () => {
    const { clock, look } = createProbe({ clever: () => silent, canvas: () => silent });
    const seen: string[] = [];
    for (const waitMs of [0, 15_000, 14_999, 1, 60_000, 60_001]) {
      await clock.advance(waitMs);
      seen.push(await look('clever'));
    }
    expect(seen).toEqual(['starting', 'starting', 'starting', 'unreachable', 'unreachable', 'starting']);
    expect(await look('canvas')).toBe('starting');
  });

  test('forgets that one was silent once it answers', async () => {
    let answer: string | Failure = silent;
    const { clock, look } = createProbe({ clever: () => answer });
    await look('clever');
    await clock.advance(29_000);
    answer = '1';
    expect(await look('clever')).toBe('ready');
    await clock.advance(2_000);
    answer = silent;
    expect(await look('clever')).toBe('starting');
  });
});
