import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { onTestFinished } from 'vitest';
import { createEdlinkSimulator, type EdlinkSimulatorOptions } from './simulator.ts';
import { edlink } from './vendor.ts';

/** A small district behind Edlink, and an integration with it. */
export interface School {
  readonly stage: VendorStage<DistrictSimulator>;
  readonly simulator: DistrictSimulator;
  /** The vendor's people change some members of a record, or (null) remove it. */
  theyEdit(collection: string, id: string, change: JsonObject | null): void;
  /** What was asked since the last look: `GET people 200`, below the API's root. */
  asked(): readonly string[];
}

export async function openSchool(options: EdlinkSimulatorOptions = {}): Promise<School> {
  const stage = await openVendorStage({
    vendor: edlink,
    createSimulator: ({ clock, pageSize }) =>
      createEdlinkSimulator({
        clock,
        longestPage: pageSize,
        district: { students: 5, assignments: 6 },
        ...options,
      }),
    connection: (simulator) => simulator.connection,
    credential: (simulator) => simulator.credential,
  });
  onTestFinished(() => stage.close());
  const { simulator } = stage;
  let seen = 0;
  return {
    stage,
    simulator,
    theyEdit(collection, id, change) {
      const record = { ...simulator.record(collection, id), ...change };
      simulator.edit([
        change === null ? { collection, op: 'remove', id } : { collection, op: 'put', id, record },
      ]);
    },
    asked() {
      const all = simulator.requests();
      const news = all.slice(seen).map(({ method, path, status }) => {
        return `${method} ${path.replace(/^\/api\/v2\/\w+\//, '')} ${status}`;
      });
      seen = all.length;
      return news;
    },
  };
}

/** The ids of what is stored of an entity type, in order. */
export async function idsOf(
  { stage }: School,
  entityType: Parameters<VendorStage['entity']>[0],
): Promise<readonly string[]> {
  return (await stage.stored(undefined, entityType)).map(({ recordId }) => recordId);
}
