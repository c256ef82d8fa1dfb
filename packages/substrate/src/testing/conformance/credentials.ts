import { expect, test } from 'vitest';
import { firstIntegration, type VendorStage } from '../vendor-stage.ts';
import { declaredFailure } from './declared-failure.ts';
import type { Suite } from './suite.ts';
import { isListRequest, wholePath } from './wire-tap.ts';

/** Good, bad and expired credentials, and who gets to see them. */
export function describeCredentials(suite: Suite): void {
  const { vendor, open, subject } = suite;
  const only = { entityTypes: [subject.entityType] };

  test('good credentials pass the connection check and sync', async () => {
    const stage = await open('long');

    expect(await check(stage)).toEqual({ ok: true, failure: null, advice: null });
    const { run, changes } = await stage.sync();

    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    expect(changes.length).toBeGreaterThan(0);
  });

  test('bad credentials are named as such by the check and by the run, at once, and nothing is stored or deleted', async () => {
    const stage = await open();
    await stage.sync(only);
    const before = await stage.stored();
    await stage.connect('second');
    await stage.replaceCredential(suite.refusedCredential(stage));
    await stage.replaceCredential(suite.refusedCredential(stage), 'second');
    stage.simulator.clearRequests();

    expect(await check(stage)).toMatchObject({ ok: false, failure: { code: 'credentials_rejected' } });
    const { run } = await stage.sync(only);
    const other = await stage.sync({ ...only, integrationId: 'second' });

    expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
    expect(other.run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
    expect(await stage.stored()).toEqual(before);
    expect(await stage.stored('second')).toEqual([]);
    // Trying again cannot help, and many vendors lock who tries too often.
    expect(stage.simulator.requests().length).toBeLessThanOrEqual(6);
  });

  test('credentials of the wrong form are named as such without asking the vendor', async () => {
    const stage = await open();
    await stage.replaceCredential({ unexpected: 'canary-in-the-wrong-place' });
    stage.simulator.clearRequests();

    const answer = await check(stage);
    const { run } = await stage.sync(only);

    expect(answer).toMatchObject({ ok: false, failure: { code: 'credentials_rejected' } });
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
    expect(JSON.stringify([answer, run])).not.toContain('canary-in-the-wrong-place');
    expect(stage.simulator.requests()).toEqual([]);
  });

  test('credentials that expire under way are renewed where the vendor can renew them, else the run says so', async () => {
    const stage = await open();
    const canRenew = 'tokenUrl' in suite.authStyle(stage);
    const list = stage.listPattern(subject);
    stage.simulator.addFault(`${list} page=2: expire-token`);

    const { run } = await stage.sync(only);

    if (canRenew) {
      expect(run.state).toBe('succeeded');
      // What was answered before is not asked for again; the refused page is.
      expect(stage.simulator.requests(`${list} page=1`)).toHaveLength(1);
      expect(stage.simulator.requests(`${list} page=2`).map(({ status }) => status)).toEqual([401, 200]);
    } else {
      expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
      expect(stage.simulator.requests(`${list} page=2`)).toHaveLength(1);
    }
    const settings = vendor.api.connection.parse(stage.connection);
    const checked = wholePath(vendor.api.check(settings), settings.baseUrl);
    stage.simulator.addFault(`GET ^${checked.path}: expire-token`);
    expect(await check(stage)).toMatchObject({ ok: canRenew });
  });

  test('a right that is lacking fails the one entity type, without asking for a new token, and the others go on', async () => {
    const stage = await open();
    const [first] = stage.vendor.entities;
    // Lists that each parent has are asked for only where there are parents.
    const last = stage.vendor.entities.findLast(({ within }) => within === undefined);
    if (first === undefined || last === undefined || first === last) return;
    stage.simulator.addFault(`${stage.listPattern(last)}: 403 times=always`);

    const { run, entityTypes } = await stage.sync({ entityTypes: [first.entityType, last.entityType] });

    expect(run.state).toBe('partial');
    expect(entityTypes.get(first.entityType)?.stage).toBe('done');
    expect(entityTypes.get(last.entityType)).toMatchObject({
      stage: 'failed',
      failure: { code: declaredFailure(vendor, 403) ?? 'credentials_rejected' },
    });
    expect(stage.simulator.requests(stage.listPattern(last))).toHaveLength(1);
  });

  test('no request goes without authorisation, off the origin, or faster than the declared limit', async () => {
    const stage = await open();
    await stage.sync();

    const style = suite.authStyle(stage);
    const tokenUrl = 'tokenUrl' in style ? new URL(style.tokenUrl).pathname : undefined;
    const asked = stage.tap.sent.filter(({ url }) => url.pathname !== tokenUrl);
    expect(asked.length).toBeGreaterThan(stage.vendor.entities.length);
    const proof = style.kind === 'apiKey' ? style.header.toLowerCase() : 'authorization';
    expect(asked.filter(({ headers }) => headers[proof] === undefined)).toEqual([]);
    expect(new Set(stage.tap.sent.map(({ url }) => url.origin))).toEqual(new Set([stage.simulator.origin]));
    expect(stage.simulator.requests().filter(({ status }) => status !== 200)).toEqual([]);

    const { requests, perSeconds, concurrent } = vendor.api.limits;
    expect(
      busiestWindow(
        asked.map(({ at }) => at),
        perSeconds * 1000,
      ),
    ).toBeLessThanOrEqual(requests);
    expect(stage.tap.busiest).toBeLessThanOrEqual(concurrent);
  });

  test('credentials stay on the origin when the vendor points elsewhere', async () => {
    const stage = await open();
    const collection = stage.collection(subject);
    stage.tap.tamper((response, request) =>
      isListRequest(request, collection)
        ? { status: 302, headers: { location: 'https://elsewhere.example/users' }, body: new Uint8Array() }
        : response,
    );

    const { run, entityTypes } = await stage.sync(only);

    expect(run.state).toBe('partial');
    expect(entityTypes.get(subject.entityType)?.failure).toMatchObject({ code: 'vendor_answer_invalid' });
    expect(new Set(stage.tap.sent.map(({ url }) => url.origin))).toEqual(new Set([stage.simulator.origin]));
  });
}

/** What `connection.check.v1` answers. */
async function check(stage: VendorStage): Promise<unknown> {
  const { customerId } = stage;
  const answer = await stage.call('connection.check.v1', { customerId, integrationId: firstIntegration });
  return answer.result ?? answer.error;
}

/** The most of these moments in any stretch of `ms`. */
function busiestWindow(moments: readonly number[], ms: number): number {
  const sorted = moments.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + ms).length));
}
