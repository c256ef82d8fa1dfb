import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { openVendorStage, type RunChoice, type VendorStage } from '@flotilla/substrate/testing/vendor-stage';
import { expect, onTestFinished } from 'vitest';
import { createCanvasSimulator } from './simulator.ts';
import { canvas } from './vendor.ts';

/** A small district in Canvas, which we have read once and whose records of these types are written back. */
export async function openSchool(writeBack: EntityType[] = ['lineItem', 'result'], assignments = 12) {
  const stage: VendorStage<DistrictSimulator> = await openVendorStage({
    vendor: canvas,
    pageSize: 100,
    createSimulator: ({ clock }) => createCanvasSimulator({ clock, district: { students: 4, assignments } }),
    connection: ({ connection }) => connection,
    credential: ({ credential }) => credential,
  });
  onTestFinished(() => stage.close());
  await stage.choose({ writeBack });
  await stage.sync();
  stage.simulator.clearRequests();

  async function ours(entityType: EntityType): Promise<ReadonlyMap<string, JsonObject>> {
    const rows = await stage.stored(undefined, entityType);
    return new Map(
      rows.flatMap(({ recordId, value }) => (value === null ? [] : [[recordId, value] as const])),
    );
  }

  /** The place of a record among those of ours that fit; the first, unless another is asked for. */
  async function pick(
    entityType: EntityType,
    fits: (value: JsonObject, id: string) => boolean = () => true,
    place = 0,
  ) {
    const found = [...(await ours(entityType))].filter(([id, value]) => fits(value, id))[place];
    if (found === undefined) throw new RangeError(`We have no such ${entityType}`);
    return { id: found[0], value: found[1] };
  }

  /** To its end: a slice that waits is gone on with when its time has come. */
  async function night(choice: RunChoice = {}) {
    const runId = await stage.start(choice);
    for (let slices = 0; ; slices++) {
      const outcome = await stage.deliver(runId);
      if (outcome === 'finished') break;
      expect(slices, outcome).toBeLessThan(20);
      stage.clock.skip(20_000);
    }
    return await stage.report(runId);
  }

  const writes = () =>
    stage.simulator
      .requests()
      .filter(({ method }) => method !== 'GET')
      .map(({ route, status }) => `${route} ${status}`);

  return { stage, ours, pick, night, writes, simulator: stage.simulator };
}
