import { expect, test } from 'vitest';
import type { FailureCode } from '../../failure/codes.ts';
import { Failure, isRetryable } from '../../failure/failure.ts';
import type { VendorStage } from '../vendor-stage.ts';
import { declaredFailure } from './declared-failure.ts';
import type { Suite } from './suite.ts';
import { isListRequest } from './wire-tap.ts';

/** What the vendor's failures become, and that each ends well or leaves everything as it was. */
export function describeFaults(suite: Suite): void {
  const { vendor, subject, open } = suite;
  const { entityType } = subject;
  const only = { entityTypes: [entityType] };
  const declared = (status: number, usual: FailureCode) => declaredFailure(vendor, status) ?? usual;

  // Faults of a moment: the client tries again by itself.
  test.each<[string, FailureCode | undefined]>([
    ['500', 'vendor_unavailable'],
    ['503', 'vendor_unavailable'],
    ['html 502', 'gateway_unavailable'],
    ['html 503', 'gateway_unavailable'],
    ['429', 'rate_limited'],
    ['truncate', 'vendor_unavailable'],
    ['cut', 'gateway_unavailable'],
    ['reset', 'gateway_unavailable'],
    ['hang', 'vendor_unavailable'],
    ['wrong-content-type', undefined],
    ['delay=20s', undefined],
  ])('"%s" once, in mid-list, is overcome without a record lost', async (fault, code) => {
    const stage = await open();
    const { length } = await stage.source(subject);
    stage.simulator.addFault(`${stage.listPattern(subject)} page=2: ${fault}`);
    stage.simulator.clearRequests();

    const { run, entityTypes } = await stage.sync(only);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get(entityType)?.counts).toMatchObject({ created: length, received: length });
    expect(stage.simulator.requests(`${stage.listPattern(subject)} page=1`)).toHaveLength(1);
    expect(stage.simulator.faults()).toMatchObject([{ struck: 1 }]);
    const failed = stage.attempts.flatMap(({ failure }) => (failure === undefined ? [] : [failure.code]));
    expect(failed).toEqual(code === undefined ? [] : [code]);
  });

  // Faults that stay: the run ends, or waits for another try, and says why.
  test.each<[string, FailureCode]>([
    ['400', declared(400, 'vendor_answer_invalid')],
    ['401', declared(401, 'credentials_rejected')],
    ['403', declared(403, 'credentials_rejected')],
    ['404', declared(404, 'vendor_answer_invalid')],
    ['429', declared(429, 'rate_limited')],
    ['500', declared(500, 'vendor_unavailable')],
    ['501', declared(501, 'vendor_answer_invalid')],
    ['503', declared(503, 'vendor_unavailable')],
    ['html 502', declared(502, 'gateway_unavailable')],
    ['html 200', 'vendor_answer_invalid'],
    ['truncate', 'vendor_unavailable'],
    ['cut', 'gateway_unavailable'],
    ['reset', 'gateway_unavailable'],
  ])('"%s" that stays is a %s, and what is stored stays as it is', async (fault, code) => {
    const stage = await open();
    await stage.sync(only);
    const before = await stage.stored();
    stage.simulator.addFault(`${stage.listPattern(subject)} page=2: ${fault} times=always`);

    const runId = await stage.start(only);
    const failure = await failureOf(stage, runId, entityType);

    expect(failure).toMatchObject({ code });
    const { run } = await stage.outcome(runId);
    expect(await stage.stored()).toEqual(before);
    if (code === 'rate_limited') {
      // It waits, and the next slice goes on where this one stopped.
      expect(run.state).toBe('running');
      stage.simulator.clearFaults();
      expect(await stage.deliver(runId)).toBe('finished');
    } else if (isRetryable(new Failure(code, ''))) {
      // The queue tries again, and the last attempt ends the run with the reason.
      expect(run.state).toBe('running');
      const last = stage.vendor.queues.manual.retry.maxAttempts - 1;
      expect(await stage.deliver(runId, { retryCount: last })).toBe('finished');
      expect((await stage.outcome(runId)).run).toMatchObject({ state: 'failed', failure: { code } });
      expect(await stage.stored()).toEqual(before);
    } else {
      expect(run.state).toBe(fault === '401' ? 'failed' : 'partial');
      expect(stage.simulator.requests(`${stage.listPattern(subject)} page=2`).length).toBeLessThanOrEqual(3);
    }
  });

  test.each([
    ['in seconds', 'retry-after=7'],
    ['as a date', 'retry-after-date=7'],
    ['as a reset time', 'rate-limit-reset=7'],
  ])('a wait that is asked for %s is kept', async (_, hint) => {
    const stage = await open();
    const list = `${stage.listPattern(subject)} page=2`;
    stage.simulator.addFault(`${list}: 429 ${hint}`);

    const { run } = await stage.sync(only);

    expect(run.state).toBe('succeeded');
    expect(stage.simulator.requests(list).map(({ status }) => status)).toEqual([429, 200]);
    const moments = stage.tap.sent.filter((request) => isListRequest(request, stage.collection(subject)));
    const waited = ((moments[2]?.at ?? 0) - (moments[1]?.at ?? 0)) / 1000;
    // A date has whole seconds, so it may be up to two more.
    expect(waited).toBeGreaterThanOrEqual(7);
    expect(waited).toBeLessThanOrEqual(9.5);
  });

  test('a wait longer than a request may take ends the slice, and the next one comes when the vendor said', async () => {
    const stage = await open();
    const list = stage.listPattern(subject);
    stage.simulator.addFault(`${list} page=2: 429 retry-after=3600`);
    const runId = await stage.start(only);
    const from = stage.clock.now();

    expect(await stage.deliver(runId)).toBe('waiting');
    const scheduleAt = stage.enqueued.at(-1)?.scheduleAt ?? 0;
    expect(scheduleAt - from).toBeGreaterThanOrEqual(3_600_000);
    expect(scheduleAt - from).toBeLessThan(3_660_000);
    stage.clock.skip(3_600_000);
    expect(await stage.deliver(runId)).toBe('finished');

    expect((await stage.outcome(runId)).run.state).toBe('succeeded');
    expect(stage.simulator.requests(`${list} page=1`)).toHaveLength(1);
  });

  test('a list that the vendor does not have is passed over, unless records of it are stored', async () => {
    const stage = await open('long');
    const list = stage.listPattern(subject);
    stage.simulator.addFault(`${list}: 404 times=always`);

    const first = await stage.sync();
    expect(first.run.state).toBe('succeeded');
    expect(first.entityTypes.get(entityType)).toMatchObject({
      stage: 'skipped',
      failure: { code: 'not_found' },
    });

    stage.simulator.clearFaults();
    await stage.sync(only);
    const before = await stage.stored();
    stage.simulator.addFault(`${list}: 404 times=always`);
    const second = await stage.sync();
    expect(second.run.state).toBe('partial');
    expect(second.entityTypes.get(entityType)).toMatchObject({
      stage: 'failed',
      failure: { code: declared(404, 'vendor_answer_invalid') },
    });
    expect(await stage.stored()).toEqual(before);
  });

  test('a base URL under which there is nothing at all is no success', async () => {
    const stage = await open('long');
    stage.simulator.addFault('GET *: 404 times=always');

    const { run } = await stage.sync();

    expect(run).toMatchObject({ state: 'failed', failure: { code: 'vendor_answer_invalid' } });
    const { customerId } = stage;
    const checked = await stage.call('connection.check.v1', { customerId, integrationId: run.integrationId });
    expect(checked.result).toMatchObject({ ok: false });
  });
}

/** What one delivery of the run came to: thrown to the queue, or kept with the run or with its entity type. */
async function failureOf(
  stage: VendorStage,
  runId: string,
  entityType: Suite['subject']['entityType'],
): Promise<unknown> {
  let thrown: unknown;
  const outcome = await stage.deliver(runId).catch((failure: unknown) => {
    thrown = failure;
    return 'thrown' as const;
  });
  if (outcome === 'thrown') return thrown;
  if (outcome === 'waiting') return { code: 'rate_limited' };
  const { run, entityTypes } = await stage.outcome(runId);
  return run.failure ?? entityTypes.get(entityType)?.failure;
}
