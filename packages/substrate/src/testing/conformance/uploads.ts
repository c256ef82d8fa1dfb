import { expect, type TestContext, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import { listPushes } from '../../store/pushes.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { VendorStage } from '../vendor-stage.ts';
import type { Suite } from './suite.ts';

/** Members that say a name in plain words, which any vendor takes another of. */
const names = ['familyName', 'givenName', 'middleName', 'title', 'name'] as const;
const some = 3;

/** That records which go into uploads arrive, once, and are verified like those that are written one by one. */
export function describeUploads({ open, vendor }: Suite): void {
  // People before all others: among these may be one that the vendor lets nobody rename, such as the root of all.
  const uploaded = vendor.entities.filter(({ write }) => write?.batch !== undefined);
  const entity = names
    .map((name) => uploaded.find(({ write }) => nameIn(write) === name))
    .find((one) => one !== undefined);

  function skipsWithoutUploads(context: TestContext): void {
    if (uploaded.length === 0) context.skip('the vendor takes no uploads: records are written one by one');
    if (entity === undefined) context.skip('no entity type that is uploaded has a name that could be edited');
  }

  test('edited records go into one upload, are read back and found; the same plan again writes nothing', async (context) => {
    skipsWithoutUploads(context);
    const { stage, edited } = await openWithEdits(open, entity as Entity);
    const { entityType } = entity as Entity;
    const writes = countWrites(stage);

    const { run, entityTypes } = await stage.sync({}, writes.worker);

    expect(run.state).toBe('succeeded');
    expect(entityTypes.get(entityType)?.counts).toMatchObject({ pushUpdated: edited.length, pushFailed: 0 });
    expect(writes.sent()).toBe(1);
    await stage.sync({}, writes.worker);
    expect(writes.sent()).toBe(1);
    expect(await namesOf(stage, edited)).toEqual(edited.map(({ value, name }) => value[name]));
  });

  test('killed after the upload was sent and before its job was known, it looks instead of sending again', async (context) => {
    skipsWithoutUploads(context);
    const { stage, edited } = await openWithEdits(open, entity as Entity);
    const writes = countWrites(stage, { losesFirstAnswer: true });

    const runId = await stage.start();
    await expect(stage.deliver(runId, { worker: writes.worker })).rejects.toMatchObject({
      code: 'unavailable',
    });
    while ((await stage.deliver(runId, { worker: writes.worker, retryCount: 1 })) !== 'finished')
      await stage.skipToDue(runId);

    expect((await stage.outcome(runId)).run.state).toBe('succeeded');
    expect(writes.sent()).toBe(1);
    const pushes = await listPushes(
      stage.platform.store,
      { customerId: stage.customerId, runId },
      undefined,
      10,
    );
    expect(pushes.map(({ state }) => state)).toEqual(edited.map(() => 'accepted'));
    expect(await namesOf(stage, edited)).toEqual(edited.map(({ value, name }) => value[name]));
  });
}

function nameIn(write: Entity['write']): string | undefined {
  const members: readonly string[] = write?.members ?? [];
  return names.find((name) => members.includes(name));
}

interface Edited {
  readonly entityType: Entity['entityType'];
  readonly recordId: string;
  readonly value: JsonObject;
  /** The member that was edited. */
  readonly name: string;
}

/** In step with the vendor, and then some records renamed on our side. */
async function openWithEdits(
  open: Suite['open'],
  { entityType, write }: Entity,
): Promise<{ readonly stage: VendorStage; readonly edited: readonly Edited[] }> {
  const stage = await open('long');
  await stage.choose({ writeBack: [entityType], limits: { toTheirs: { update: 'off' } } });
  await stage.sync();
  const name = nameIn(write) as string;
  const rows = (await stage.stored(undefined, entityType)).filter(
    ({ value }) => typeof value?.[name] === 'string',
  );
  const edited = rows.slice(0, some).map(({ recordId, value }) => ({
    entityType,
    recordId,
    value: { ...value, [name]: `${value?.[name] as string} Anew` },
    name,
  }));
  expect(edited.length, `${entityType} with a ${name}`).toBeGreaterThan(0);
  for (const { recordId, value } of edited) await stage.edit(entityType, recordId, value);
  return { stage, edited };
}

/** Their names as they are stored: what else follows from a name at the vendor is its own affair. */
async function namesOf(stage: VendorStage, edited: readonly Edited[]) {
  const rows = await stage.stored();
  return edited.map(
    ({ entityType, recordId, name }) =>
      rows.find((row) => row.entityType === entityType && row.recordId === recordId)?.value?.[name],
  );
}

/** A worker whose writes to the vendor are counted; the first one's answer may be lost. */
function countWrites(
  { worker }: VendorStage,
  { losesFirstAnswer = false } = {},
): { readonly worker: Partial<RunWorker>; sent(): number } {
  let sent = 0;
  return {
    sent: () => sent,
    worker: {
      openClient(options) {
        const client = worker.openClient(options);
        return {
          ...client,
          async request(request) {
            const response = await client.request(request);
            if ((request.method ?? 'GET') === 'GET') return response;
            sent += 1;
            if (sent === 1 && losesFirstAnswer) throw new Failure('unavailable', 'Killed by the test');
            return response;
          },
        };
      },
    },
  };
}
