import { expect, test } from 'vitest';
import { factsOf } from '../../failure/codes.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import type { AnyMethod } from '../../rpc/define-method.ts';
import { vendorMethods } from '../../service/vendor-service.ts';
import { firstIntegration, type VendorStage } from '../vendor-stage.ts';
import type { Suite } from './suite.ts';

/** The methods of the vendor's service, called over JSON-RPC. */
export function describeMethods(suite: Suite): void {
  const { vendor, open, params: further } = suite;
  const methods = vendorMethods(vendor);

  test('rpc.discover lists every method with its parameters and result', async () => {
    const stage = await open('long');

    const { result } = await stage.call('rpc.discover', {});

    const listed = (result?.methods ?? []) as readonly JsonObject[];
    for (const { wireName, params } of methods) {
      const entry = listed.find(({ name }) => name === wireName);
      expect(entry, wireName).toMatchObject({
        paramStructure: 'by-name',
        result: { schema: { type: 'object' } },
      });
      const names = ((entry?.params ?? []) as readonly JsonObject[]).map(({ name }) => name);
      expect(new Set(names)).toEqual(new Set(Object.keys(params.shape)));
    }
    expect(listed).toHaveLength(methods.length + 1);
  });

  test('every method answers a sound call, in its own result schema', async () => {
    const stage = await open('long');
    const { run } = await stage.sync();

    for (const method of methods) {
      const answer = await stage.call(method.wireName, soundParams(method, stage, run.runId, further));

      expect(answer.error, method.wireName).toBeUndefined();
      expect(method.result.safeParse(answer.result).success, method.wireName).toBe(true);
    }
  });

  test('every method refuses parameters that it does not know, or of the wrong kind, naming them', async () => {
    const stage = await open('long');
    for (const method of methods) {
      const sound = soundParams(method, stage, crypto.randomUUID(), further);
      const strange = await stage.call(method.wireName, { ...sound, customerNumber: 7 });
      expect(strange.error, method.wireName).toMatchObject({
        code: factsOf('invalid_params').rpcCode,
        data: { issues: [{ pointer: '/customerNumber' }] },
      });
      for (const name of Object.keys(method.params.shape)) {
        const wrong = await stage.call(method.wireName, { ...sound, [name]: { unexpected: true } });
        expect(wrong.error, `${method.wireName} ${name}`).toMatchObject({
          code: factsOf('invalid_params').rpcCode,
        });
        expect(JSON.stringify(wrong.error?.data), `${method.wireName} ${name}`).toContain(`"/${name}`);
      }
    }
  });

  test("no method shows or touches another customer's integration or run", async () => {
    const stage = await open('long');
    const { run } = await stage.sync();
    const before = await stage.stored();
    const { length } = stage.enqueued;

    for (const method of methods) {
      const shape = Object.keys(method.params.shape);
      if (!shape.includes('integrationId') && !shape.includes('runId')) continue;
      const params = { ...soundParams(method, stage, run.runId, further), customerId: 'shelbyville' };
      const answer = await stage.call(method.wireName, params);
      expect(answer.result, method.wireName).toBeUndefined();
      expect(answer.error, method.wireName).toMatchObject({ code: factsOf('not_found').rpcCode });
    }
    expect(stage.enqueued).toHaveLength(length);
    expect(await stage.stored()).toEqual(before);
  });

  test('every method is closed to roles that it does not name', async () => {
    const stage = await open('long');
    for (const method of methods) {
      for (const role of (['admin', 'orchestrator', 'scheduler', 'viewer'] as const).filter(
        (each) => !method.roles.includes(each),
      )) {
        const answer = await stage.call(method.wireName, {}, role);
        expect(answer.error, `${method.wireName} as ${role}`).toMatchObject({
          code: factsOf('forbidden').rpcCode,
        });
      }
    }
  });

  test('of two versions of a method the older one is marked as deprecated', () => {
    const newest = new Map<string, number>();
    for (const { name, version } of methods) newest.set(name, Math.max(version, newest.get(name) ?? 0));
    const left = methods.filter(
      ({ name, version, deprecated }) => version < (newest.get(name) ?? 0) && deprecated !== true,
    );
    expect(left.map(({ wireName }) => wireName)).toEqual([]);
  });

  const readsRecords = methods.some(({ name }) => name === 'records.read');
  const readTitle = 'records are read live as a run reads them, by the older version and the newer one alike';
  if (readsRecords)
    test(readTitle, async () => {
      const stage = await open('long');
      await stage.sync();
      const before = await stage.stored();
      const { customerId } = stage;

      for (const { entityType } of vendor.entities.filter(({ one }) => one !== undefined)) {
        const [stored] = before.filter((row) => row.entityType === entityType);
        if (stored === undefined) continue;
        const { recordId, value } = stored;
        const which = { customerId, integrationId: firstIntegration, entityType };
        const one = await stage.call('records.read.v1', { ...which, recordId });
        const several = await stage.call('records.read.v2', { ...which, recordIds: [recordId, 'nobody'] });

        expect(one.result, entityType).toEqual({ recordId, value, failure: null });
        expect(((several.result?.records ?? []) as readonly unknown[])[0], entityType).toEqual({
          recordId,
          state: 'found',
          value,
        });
        expect(several.result?.records, entityType).toHaveLength(2);
      }
      expect(await stage.stored()).toEqual(before);
    });

  test('a sync that is asked for twice under one key starts one run', async () => {
    const stage = await open('long');
    const syncs = methods.filter(({ name }) => name.endsWith('.sync'));
    expect(syncs.length).toBeGreaterThan(0);
    for (const method of syncs) {
      const params = { ...soundParams(method, stage, '', further), idempotencyKey: 'tonight' };
      const first = await stage.call(method.wireName, params);
      const second = await stage.call(method.wireName, params);
      expect(first.result).toMatchObject({ created: true });
      expect(second.result).toEqual({ runId: first.result?.runId, created: false });
    }
  });
}

/** Customer, integration, run and record where the method takes them, and what the vendor's test adds. */
function soundParams(
  { wireName, params }: AnyMethod<RunWorker>,
  { customerId, vendor }: VendorStage,
  runId: string,
  further: Suite['params'],
): JsonObject {
  const shown = vendor.entities.find(({ one }) => one !== undefined);
  const recordId = 'a-record-that-nobody-has';
  const known: JsonObject = {
    customerId,
    integrationId: firstIntegration,
    runId,
    ...(shown === undefined ? {} : { entityType: shown.entityType, recordId, recordIds: [recordId] }),
    ...further[wireName],
  };
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in params.shape));
}
