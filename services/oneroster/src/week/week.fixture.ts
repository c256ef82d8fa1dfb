import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { decideRun } from '@flotilla/substrate/pipeline';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import { openVendorStage, type RunChoice, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { createOneRosterSimulator, type OneRosterSimulator } from '../simulator.ts';
import { oneroster } from '../vendor.ts';

/** A school with a gradebook that goes both ways, and its provider: what a week of work on both sides is played on. */
export interface School {
  readonly stage: VendorStage<OneRosterSimulator>;
  readonly simulator: OneRosterSimulator;
  /** The choices that stand until others are made. */
  choose: VendorStage['choose'];
  /** Runs a sync to its end, or until it is held, and answers its report. */
  night(choice?: RunChoice): Promise<RunReport>;
  /** Goes on with a run, after it was approved for instance. */
  goOn(runId: string): Promise<RunReport>;
  /** The provider's people change, create or (null) remove a record, in the provider's shape. */
  theyEdit(collection: Collection, id: string, change: JsonObject | null): void;
  /** Our people change some members of a record, or (null) delete it. */
  weEdit(entityType: EntityType, id: string, change: JsonObject | null): Promise<void>;
  weCreate(entityType: EntityType, id: string, value: JsonObject): Promise<void>;
  /** A person approves or rejects a held run. */
  decide(runId: string, decision: 'approved' | 'rejected'): Promise<void>;
  /** As the provider has it. */
  theirs(collection: Collection, id: string): JsonObject | undefined;
  ours(entityType: EntityType, id: string): Promise<JsonObject | null | undefined>;
  /** Ids of the provider's records, in order. */
  ids(collection: Collection): Promise<readonly string[]>;
  /** What the provider was asked to write since the last look. */
  writes(): readonly string[];
}

type Collection = 'users' | 'lineItems' | 'results' | 'enrollments' | 'classes';

const entityTypes = {
  users: 'user',
  lineItems: 'lineItem',
  results: 'result',
  enrollments: 'enrollment',
  classes: 'class',
} as const;

/** Results and line items are written back; the rest is only read. */
export const twoWay = { writeBack: ['lineItem', 'result'] } as const;

export async function openSchool(): Promise<School> {
  let allocated = 0;
  const stage = await openVendorStage({
    vendor: oneroster,
    pageSize: 50,
    createSimulator: ({ clock }) =>
      createOneRosterSimulator({
        clock,
        version: '1.2',
        district: { students: 40, assignments: 12, seed: 7 },
        allocateId: (collection) => `${collection}-of-theirs-${++allocated}`,
      }),
    connection: ({ baseUrl, version }) => ({ baseUrl, version, gradebook: 'write' }),
    credential: ({ credentials }) => {
      if (credentials.kind !== 'oauth2') throw new TypeError('1.2 has OAuth 2 only');
      const { clientId, clientSecret } = credentials;
      return { type: 'oauth2', clientId, clientSecret };
    },
  });
  const { simulator } = stage;
  await stage.choose({ writeBack: [...twoWay.writeBack] });
  let seen = 0;

  async function ours(entityType: EntityType, id: string) {
    const rows = await stage.stored(undefined, entityType);
    return rows.find(({ recordId }) => recordId === id)?.value;
  }

  async function goOn(runId: string): Promise<RunReport> {
    for (let slices = 0; (await stage.deliver(runId)) !== 'finished'; slices++) {
      if (slices > 20) throw new RangeError('The run does not come to its end');
    }
    return await stage.report(runId);
  }

  return {
    stage,
    simulator,
    choose: stage.choose,
    ours,
    async night(choice) {
      await stage.clock.sleep(60_000);
      return await goOn(await stage.start({ context: 'nightly', ...choice }));
    },
    goOn,
    theyEdit(collection, id, change) {
      const before = simulator.record(collection, id);
      if (change === null) simulator.edit([{ collection, op: 'remove', id }]);
      else simulator.edit([{ collection, op: 'put', id, record: { ...before, sourcedId: id, ...change } }]);
    },
    async weEdit(entityType, id, change) {
      const before = await ours(entityType, id);
      if (before == null) throw new RangeError(`We have no ${entityType} ${id}`);
      await stage.edit(entityType, id, change === null ? null : { ...before, ...change });
    },
    weCreate: (entityType, id, value) => stage.edit(entityType, id, value),
    async decide(runId, decision) {
      const { customerId } = stage;
      await decideRun(stage.worker, { customerId, runId, decision, by: 'principal@school.example' });
    },
    theirs: (collection, id) => simulator.record(collection, id),
    async ids(collection) {
      const records = await stage.source(stage.entity(entityTypes[collection]));
      return records.map(({ sourcedId }) => sourcedId as string).toSorted();
    },
    writes() {
      const all = simulator.requests().filter(({ method }) => method !== 'GET' && method !== 'HEAD');
      const gradebook = all.filter(({ path }) => path.includes('/gradebook/'));
      const news = gradebook.slice(seen).map(({ method, path }) => `${method} ${path.split('/v1p2')[1]}`);
      seen = gradebook.length;
      return news;
    },
  };
}

/** What a report says of one entity type. */
export function countsOf(report: RunReport, entityType: EntityType) {
  const step = report.steps.find((one) => one.entityType === entityType);
  if (step === undefined) throw new RangeError(`The report has nothing on ${entityType}`);
  return step.counts;
}

/** The fields that a report shows as changed on our side, as `pointer: before → after`. */
export function changedFields(report: RunReport, recordId: string): readonly string[] {
  const change = report.changes.find((one) => one.recordId === recordId);
  return (change?.fields ?? []).map(
    ({ pointer, before, after }) => `${pointer}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  );
}
