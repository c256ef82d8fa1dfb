import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  openServiceStage,
  type ServiceStage,
  type ServiceStageOptions,
} from '@flotilla/substrate/testing/service-stage';
import { openVendorStage, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { onTestFinished } from 'vitest';
import { control } from './service.ts';
import { createShelfSchool, type ShelfSchool, shelfSchool, shelfToken } from './shelf-school.fixture.ts';

/** Control and a vendor's service over one store: what is asked for at the one is done by the other. */
export interface TwoWay {
  readonly control: ServiceStage;
  readonly vendor: VendorStage<ShelfSchool>;
  readonly school: ShelfSchool;
  /** A record's address, for the parameters of a method. */
  box(recordId: string): { readonly [name: string]: string };
  /** Delivers a run's slices until it is finished. */
  finish(runId: string): Promise<void>;
  /** Changes a box at the vendor. */
  relabel(id: string, changes: JsonObject): void;
}

export const integration = { customerId: 'springfield', integrationId: 'first' };

/** With the boxes of Shelf School synced once, and written back. */
export async function openTwoWay(
  settings: JsonObject = { writeBack: ['category'] },
  serviceSettings: ServiceStageOptions['settings'] = {},
): Promise<TwoWay> {
  const vendor = await openVendorStage({
    vendor: shelfSchool,
    createSimulator: createShelfSchool,
    connection: ({ origin }) => ({ baseUrl: origin }),
    credential: () => ({ token: shelfToken }),
  });
  const { now, sleep, skip } = vendor.clock;
  const clock = { now, sleep, sleeping: 0, advance: async (ms: number) => skip(ms) };
  const deployed = ['control', 'warehouse', shelfSchool.id];
  const stage = await openServiceStage(control, {
    deployed,
    home: vendor.home,
    clock,
    settings: serviceSettings,
    peers: { [shelfSchool.id]: vendor },
  });
  onTestFinished(async () => {
    await stage.close();
    await vendor.close();
  });
  await stage.result('settings.put.v1', { ...integration, settings });
  await vendor.sync();
  vendor.clock.skip(1_000);
  const { simulator: school } = vendor;
  return {
    control: stage,
    vendor,
    school,
    box: (recordId) => ({ ...integration, entityType: 'category', recordId }),
    async finish(runId) {
      while ((await vendor.deliver(runId)) !== 'finished') vendor.clock.skip(30_000);
    },
    relabel(id, changes) {
      school.boxes.set(id, { ...school.boxes.get(id), id, ...changes });
    },
  };
}
