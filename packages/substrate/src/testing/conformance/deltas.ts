import { expect, type TestContext, test } from 'vitest';
import type { Change } from '../../egress/change.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { queueWindow } from '../../pipeline/fetch/queue-pages.ts';
import { openVendor } from '../../pipeline/run/open-vendor.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import { deltaLists } from '../../vendor/feed-lists.ts';
import type { VendorStage } from '../vendor-stage.ts';
import { byKey, type EditPlan, planEdits } from './changes.ts';
import { failingAt } from './failing-store.ts';
import { alterRecord } from './specimen.ts';
import type { Suite } from './suite.ts';
import { isListPath, wholePath } from './wire-tap.ts';

/** The integration that is fetched whole, to compare with. */
const other = 'whole';

/** That a run which fetches only what the vendor says has changed ends as one that fetches everything. */
export function describeDeltas(suite: Suite): void {
  const { vendor } = suite;

  async function openTold(context: TestContext) {
    if (vendor.feed?.since === undefined) context.skip('the vendor does not tell what changed');
    const stage = await suite.open('long');
    if (vendor.feed?.latest === undefined && (await readQueues(stage, suite)).length === 0)
      context.skip('under these connection settings the vendor has nothing to read away');
    return { stage, plan: await makeNews(suite, stage) };
  }

  test('what changed since the last run is found as a whole fetch finds it, and little else is read', async (context) => {
    const { stage, plan } = await openTold(context);

    const { run, changes, entityTypes } = await stage.sync({ isFull: false });

    expect(run.state).toBe('succeeded');
    const told = [...entityTypes.values()].filter(({ window }) => window !== null);
    expect(told.length, 'entity types that were not fetched whole').toBeGreaterThan(0);
    const received = told.reduce((sum, { counts }) => sum + counts.received, 0);
    const stored = told.reduce((sum, each) => sum + each.stored, 0);
    expect(received, `of ${stored} records`).toBeLessThan(stored);
    await expectAsWhole(stage, changes, plan);
  });

  test('killed again and again while it fetches only what changed, it ends so too', async (context) => {
    const { stage, plan } = await openTold(context);

    const runId = await stage.start({ isFull: false });
    const deaths = await dieOften(stage, runId);

    const { run, changes } = await stage.outcome(runId);
    expect(deaths).toBeGreaterThan(2);
    expect(run.state).toBe('succeeded');
    await expectAsWhole(stage, changes, plan);
  });

  test('what is read away by a run over some entity types is not lost for the others', async (context) => {
    if (vendor.feed?.latest !== undefined)
      context.skip('nothing is read away: what the vendor tells can be asked for again');
    const { stage, plan } = await openTold(context);
    const queues = await readQueues(stage, suite);
    stage.simulator.clearRequests();
    const asked = () =>
      stage.simulator
        .requests()
        .filter(({ path }) => queues.some(({ collection }) => isListPath(path, collection))).length;
    const told = [...new Set(queues.map(({ entityType }) => entityType))];

    await stage.sync({ isFull: false, isDryRun: true });
    expect(asked(), 'by a run that only looks').toBe(0);
    const some = await stage.sync({ isFull: false, entityTypes: told.slice(0, 1) });

    expect(asked()).toBeGreaterThan(0);
    const { run, changes, entityTypes } = await stage.sync({ isFull: false });
    expect(run.state).toBe('succeeded');
    for (const entityType of told) expect(entityTypes.get(entityType)?.window, entityType).not.toBeNull();
    await expectAsWhole(stage, [...some.changes, ...changes], plan);
  });
}

/** Brings the stage in step, and then has something happen at the vendor. */
async function makeNews(suite: Suite, stage: VendorStage): Promise<EditPlan> {
  const { subject } = suite;
  const records = await stage.source(subject);
  const [first = {}] = records;
  const collection = suite.collectionName(stage, subject);
  // A feed that has told nothing yet has no place to go on from.
  for (const record of [alterRecord(subject, first, records) ?? first, first])
    stage.simulator.edit([{ collection, op: 'put', id: subject.idOf(first) ?? '', record }]);
  stage.clock.skip(60_000);
  expect((await stage.sync()).run.state).toBe('succeeded');
  const plan = await planEdits(suite, stage);
  stage.clock.skip(60_000);
  stage.simulator.edit(plan.edits);
  stage.clock.skip(60_000);
  return plan;
}

async function expectAsWhole(stage: VendorStage, changes: readonly Change[], plan: EditPlan): Promise<void> {
  const found = changes.map(({ entityType, recordId, action }) => ({ entityType, recordId, action }));
  expect(found.toSorted(byKey)).toEqual(plan.expected.toSorted(byKey));
  await stage.connect(other);
  await stage.sync({ integrationId: other });
  expect(await contentOf(stage)).toEqual(await contentOf(stage, other));
}

/** Without times of last changes, which an unchanged record keeps from when it was first read. */
async function contentOf(stage: VendorStage, integrationId?: string) {
  const rows = await stage.stored(integrationId);
  return rows.map(({ entityType, recordId, hash }) => ({ entityType, recordId, hash }));
}

/** Works on a run with processes that each die after a few commits, at one or right after it. Answers how many died. */
async function dieOften(stage: VendorStage, runId: string): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    expect(deaths, 'no end in sight').toBeLessThan(300);
    const moment = deaths % 2 === 0 ? 'before' : 'after';
    const { store } = failingAt(stage.worker.store, 4 + (deaths % 4), moment);
    const outcome = await stage.deliver(runId, { worker: { store } }).catch(() => 'died');
    if (outcome === 'finished' || (await stage.outcome(runId)).run.finishedAt !== null) return deaths;
    await stage.skipToDue(runId);
  }
}

interface ToldOf {
  readonly entityType: EntityType;
  readonly collection: Collection;
}

/** What of the vendor's feed is read away, as it is asked for, and of which entity types it tells. */
async function readQueues(stage: VendorStage, { vendor, credential }: Suite): Promise<readonly ToldOf[]> {
  const { worker, connection } = stage;
  const { signal } = new AbortController();
  const opened = await openVendor(worker, vendor, connection, credential(stage), signal);
  await opened.close();
  const { baseUrl } = vendor.api.connection.parse(connection);
  return vendor.entities.flatMap((entity) => {
    const { entityType } = entity;
    const lists = deltaLists(vendor, entity, queueWindow, opened.connection) ?? [];
    return lists
      .filter(({ isConsumed }) => isConsumed === true)
      .map(({ collection }) => ({ entityType, collection: wholePath(collection, baseUrl) }));
  });
}
