import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { openTwoWay, type TwoWay } from '../two-way.fixture.ts';

export const customer = { customerId: 'springfield' };
export const category = (title: string, weight = 1) => ({ status: 'active', title, weight });

/** Boxes whose titles both sides have changed, differently. */
export async function openConflicting(ids: readonly string[] = ['b1']): Promise<TwoWay> {
  const stage = await openTwoWay();
  for (const id of ids) {
    await stage.vendor.edit('category', id, category(`Ours ${id}`));
    stage.relabel(id, { title: `Theirs ${id}` });
  }
  await stage.vendor.sync();
  stage.vendor.clock.skip(1_000);
  return stage;
}

export async function listConflicts({ control }: TwoWay, filter: JsonObject = {}) {
  return (await control.result('conflicts.list.v1', { ...customer, ...filter }))
    .conflicts as readonly JsonObject[];
}

export async function firstConflict(stage: TwoWay): Promise<JsonObject> {
  const [conflict] = await listConflicts(stage);
  if (conflict === undefined) throw new Error('There is no conflict');
  return conflict;
}

/** What says that somebody saw this conflict. */
export function seen({ conflictId, inputs }: JsonObject): JsonObject {
  return { conflictId: conflictId as string, inputs: inputs as string };
}
