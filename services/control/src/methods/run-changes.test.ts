import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { expect, test } from 'vitest';
import { openTwoWay, type TwoWay } from '../two-way.fixture.ts';

const customer = { customerId: 'springfield' };

/** A run over a box that changed, one that came and one that went, with a later run behind it. */
async function openChanged(): Promise<{ readonly stage: TwoWay; readonly runId: string }> {
  const stage = await openTwoWay();
  stage.relabel('b2', { title: 'Theirs b2' });
  stage.school.boxes.delete('b3');
  stage.relabel('b9', { title: 'Box b9' });
  const { run } = await stage.vendor.sync();
  stage.relabel('b1', { title: 'Later' });
  await stage.vendor.sync();
  return { stage, runId: run.runId };
}

test('All that a run changed comes a page at a time, each change once, and none of a run before or after it', async () => {
  const { stage, runId } = await openChanged();
  const found: JsonObject[] = [];
  let after: number | null = null;
  do {
    const params: JsonObject = { ...customer, runId, limit: 1, ...(after === null ? {} : { after }) };
    const page = await stage.control.result('runs.changes.v1', params);
    found.push(...(page.changes as JsonObject[]));
    after = page.next as number | null;
  } while (after !== null);

  const actionsById = Object.fromEntries(found.map(({ recordId, action }) => [recordId as string, action]));
  expect(found).toHaveLength(3);
  expect(actionsById).toEqual({ b2: 'update', b3: 'delete', b9: 'create' });
  expect(found.find(({ recordId }) => recordId === 'b3')).toMatchObject({ name: 'Box b3' });
  expect(found.find(({ recordId }) => recordId === 'b2')).toMatchObject({
    entityType: 'category',
    name: 'Theirs b2',
    fields: [{ pointer: '/title', before: 'Box b2', after: 'Theirs b2' }],
  });
  const report = await stage.control.result('runs.report.v1', { ...customer, runId });
  const named = (report.changes as JsonObject[]).map(({ recordId, name }) => [recordId, name]);
  // One that is stored is called as it is now.
  expect(Object.fromEntries(named)).toEqual({ b2: 'Theirs b2', b3: 'Box b3', b9: 'Box b9' });
});

test('They are held to an entity type and an action, so that few deletions are found among thousands of others', async () => {
  const { stage, runId } = await openChanged();
  const ask = async (filter: JsonObject) => {
    const { changes } = await stage.control.result('runs.changes.v1', { ...customer, runId, ...filter });
    return (changes as JsonObject[]).map(({ recordId }) => recordId);
  };

  expect(await ask({ action: 'delete' })).toEqual(['b3']);
  expect(await ask({ entityType: 'category', action: 'update' })).toEqual(['b2']);
  expect(await ask({ entityType: 'user' })).toEqual([]);
});
