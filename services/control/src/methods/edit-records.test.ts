import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { sweepRuns } from '@flotilla/substrate/pipeline';
import type { Call } from '@flotilla/substrate/rpc';
import { readChanges, readLease } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';
import type { Control } from '../control.ts';
import { createServiceProbe } from '../service-probe.ts';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';
import { createVendorDescriptions } from '../vendor-descriptions.ts';
import { putRecord } from './edit-records.ts';

const category = (title: string, weight = 1) => ({ status: 'active', title, weight });

function put(stage: TwoWay, recordId: string, value: JsonObject, more: JsonObject = {}) {
  return stage.control.result('records.put.v1', { ...stage.box(recordId), value, ...more });
}

function get(stage: TwoWay, recordId: string) {
  return stage.control.result('records.get.v1', stage.box(recordId));
}

async function runOf({ control }: TwoWay, runId: unknown) {
  return await control.result('runs.get.v1', { customerId: 'springfield', runId: runId as string });
}

async function changesOf({ control }: TwoWay) {
  return await readChanges(control.store, integration, 0, 1_000);
}

/** No record needs another service. */
const peers = { call: () => Promise.reject(new Error('nobody is to be called')) };

/** A call of control with other parts than it has. */
function callWith({ vendor: { worker } }: TwoWay, parts: Partial<Control>): Call<Control> {
  return {
    context: {
      ...worker,
      peers,
      descriptions: createVendorDescriptions({ peers, clock: worker.clock }),
      probe: createServiceProbe({ peers, clock: worker.clock }),
      fleet: { stack: 'local', version: '0', dashboardUrl: undefined },
      vendors: ['shelf-school'],
      nightlySpreadMs: 0,
      ...parts,
    },
    caller: { role: 'admin', name: 'test' },
    log: worker.log,
    signal: new AbortController().signal,
    traceId: '0af7651916cd43dd8448eb211c80319c',
  };
}

async function nightly({ vendor }: TwoWay) {
  return await vendor.sync({ context: 'nightly' });
}

describe('an edit of an entity type that is written back', () => {
  test('is brought to the vendor by a realtime run, which reads it, writes it, and reads it again', async () => {
    const stage = await openTwoWay();

    const answer = await put(stage, 'b1', category('Homework', 2));

    expect(answer).toEqual({ recordId: 'b1', version: 2, changed: true, runId: expect.any(String) });
    expect(await get(stage, 'b1')).toMatchObject({
      ours: category('Homework', 2),
      base: category('Box b1'),
      version: 2,
      editedAt: expect.any(String),
      movedFrom: null,
    });
    expect(stage.control.enqueued.at(-1)).toMatchObject({ queue: 'shelf-school-realtime' });

    await stage.finish(answer.runId as string);

    expect(stage.school.boxes.get('b1')).toEqual({ id: 'b1', title: 'Homework', weight: 2 });
    expect(await runOf(stage, answer.runId)).toMatchObject({
      state: 'succeeded',
      context: 'realtime',
      method: 'records.put.v1',
      recordIds: ['b1'],
      entityTypes: [{ entityType: 'category', counts: { pushUpdated: 1, updated: 0 } }],
    });
    expect(await get(stage, 'b1')).toMatchObject({
      base: category('Homework', 2),
      version: 2,
      editedAt: null,
    });
  });

  test('names its run in the change, which is sent on at once', async () => {
    const stage = await openTwoWay();
    const published = await stage.vendor.published();

    const { runId } = await put(stage, 'b1', category('Homework'));

    const [change] = (await changesOf(stage)).slice(-1);
    expect(change).toMatchObject({
      recordId: 'b1',
      action: 'update',
      before: category('Box b1'),
      after: category('Homework'),
      runId,
    });
    expect(await stage.vendor.published()).toBe(published + 1);
  });

  test('creates a record, which goes by the id of the vendor from then on and is found by its first one too', async () => {
    const stage = await openTwoWay();

    const created = await put(stage, 'mine', category('Quizzes'), { ifVersion: 0 });
    await stage.finish(created.runId as string);

    expect(stage.school.boxes.get('v1')).toEqual({ id: 'v1', title: 'Quizzes', weight: 1 });
    expect(await get(stage, 'mine')).toMatchObject({
      recordId: 'v1',
      movedFrom: 'mine',
      ours: category('Quizzes'),
      base: category('Quizzes'),
    });
    expect(await get(stage, 'v1')).toMatchObject({ recordId: 'v1', movedFrom: null });

    const again = await put(stage, 'mine', category('Quizzes and tests'));
    expect(again).toMatchObject({ recordId: 'v1', changed: true });
    await stage.finish(again.runId as string);
    expect(stage.school.boxes.get('v1')).toMatchObject({ title: 'Quizzes and tests' });
    expect(stage.school.boxes.size).toBe(4);
  });

  test('deletes a record at the vendor too', async () => {
    const stage = await openTwoWay();

    const answer = await stage.control.result('records.delete.v1', stage.box('b2'));

    expect(answer).toMatchObject({ recordId: 'b2', changed: true, runId: expect.any(String) });
    expect(await get(stage, 'b2')).toMatchObject({ ours: null, base: category('Box b2') });
    await stage.finish(answer.runId as string);
    expect([...stage.school.boxes.keys()]).toEqual(['b1', 'b3']);
    expect((await stage.control.call('records.get.v1', stage.box('b2'))).error?.data).toMatchObject({
      code: 'not_found',
    });
  });

  test('is merged with what the vendor has changed meanwhile in other fields', async () => {
    const stage = await openTwoWay();
    stage.relabel('b1', { weight: 5 });

    const { runId } = await put(stage, 'b1', category('Homework'));
    await stage.finish(runId as string);

    expect(stage.school.boxes.get('b1')).toEqual({ id: 'b1', title: 'Homework', weight: 5 });
    expect(await get(stage, 'b1')).toMatchObject({
      ours: category('Homework', 5),
      base: category('Homework', 5),
    });
  });

  test('that the vendor refuses is done all the same for its caller, and the next nightly run tries it again', async () => {
    const stage = await openTwoWay();
    stage.school.refused.add('Homework');

    const { runId } = await put(stage, 'b1', category('Homework'));
    await stage.finish(runId as string);

    expect(await runOf(stage, runId)).toMatchObject({
      state: 'partial',
      entityTypes: [{ counts: { pushFailed: 1, pushUpdated: 0 } }],
    });
    expect(await get(stage, 'b1')).toMatchObject({
      ours: category('Homework'),
      editedAt: expect.any(String),
    });
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Box b1' });

    stage.school.refused.clear();
    await nightly(stage);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Homework' });
    expect(await get(stage, 'b1')).toMatchObject({ editedAt: null });
  });

  test('whose run fails as a whole is brought by the next nightly run', async () => {
    const stage = await openTwoWay();
    stage.school.addFault('GET /boxes/*: 500 times=always');

    const { runId } = await put(stage, 'b1', category('Homework'));
    for (let retryCount = 0; retryCount < 3; retryCount++)
      await stage.vendor.deliver(runId as string, { retryCount }).catch(() => undefined);

    expect(await runOf(stage, runId)).toMatchObject({
      state: 'failed',
      failure: { code: 'vendor_unavailable' },
    });
    stage.school.clearFaults();
    await nightly(stage);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Homework' });
  });

  test('whose run could not be queued is done all the same, and the sweep of the service queues it', async () => {
    const stage = await openTwoWay();
    const { worker } = stage.vendor;
    const tasks = { ...worker.tasks, enqueue: () => Promise.reject(new Error('the queue is down')) };

    const { runId } = await putRecord.run(callWith(stage, { tasks }), {
      ...integration,
      entityType: 'category',
      recordId: 'b1',
      value: category('Homework'),
    });

    expect(await runOf(stage, runId)).toMatchObject({ state: 'queued', recordIds: ['b1'] });
    expect(stage.vendor.logged.join('')).toContain('A run was not queued');
    expect(await sweepRuns(worker, 'shelf-school')).toEqual({ open: 1, revived: 1 });
    await stage.finish(runId as string);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Homework' });
  });

  test('whose change could not be sent on is done all the same, and goes with the changes of the next run', async () => {
    const stage = await openTwoWay({});
    const published = await stage.vendor.published();
    const bus = { ...stage.vendor.worker.bus, publish: () => Promise.reject(new Error('the bus is down')) };
    const value = category('Homework');

    await putRecord.run(callWith(stage, { bus }), {
      ...integration,
      entityType: 'category',
      recordId: 'b1',
      value,
    });

    expect(await get(stage, 'b1')).toMatchObject({ ours: value });
    expect(stage.vendor.logged.join('')).toContain('Changes were not sent on');
    expect(await stage.vendor.published()).toBe(published);
    await stage.vendor.sync();
    expect(await stage.vendor.published()).toBe(published + 1);
  });

  test('of a record that went by another id and is gone may have that id again', async () => {
    const stage = await openTwoWay();
    for (const assigned of ['v1', 'v2']) {
      const created = await put(stage, 'mine', category('Quizzes'), { ifVersion: 0 });
      expect(created).toMatchObject({ recordId: 'mine', changed: true });
      await stage.finish(created.runId as string);
      expect(stage.school.boxes.get(assigned)).toMatchObject({ title: 'Quizzes' });
      expect(await get(stage, 'mine')).toMatchObject({ recordId: assigned, editedAt: null });
      const { runId } = await stage.control.result('records.delete.v1', stage.box('mine'));
      await stage.finish(runId as string);
      expect(stage.school.boxes.has(assigned)).toBe(false);
    }
  });
});

describe('a burst of edits', () => {
  test('of one record is one run, which brings the last', async () => {
    const stage = await openTwoWay();
    const answers = [];
    for (const title of ['One', 'Two', 'Three']) answers.push(await put(stage, 'b1', category(title)));

    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(answers.map(({ version }) => version)).toEqual([2, 3, 4]);
    await stage.finish(answers[0]?.runId as string);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Three' });
    expect(stage.school.requests('PUT /boxes/b1')).toHaveLength(1);
  });

  test('of several records of one entity type is one run too', async () => {
    const stage = await openTwoWay();
    const ids = ['b1', 'b2', 'b3'];
    const runIds = new Set<unknown>();
    for (const id of ids) runIds.add((await put(stage, id, category(`New ${id}`))).runId);

    expect(runIds.size).toBe(1);
    const [runId] = runIds;
    expect(await runOf(stage, runId)).toMatchObject({ recordIds: ids });
    await stage.finish(runId as string);
    expect([...stage.school.boxes.values()].map(({ title }) => title)).toEqual(ids.map((id) => `New ${id}`));
  });

  test('at the same moment loses none of them, in however many runs they are', async () => {
    const stage = await openTwoWay();
    const ids = ['b1', 'b2', 'b3'];
    const answers = await Promise.all(ids.map((id) => put(stage, id, category(`New ${id}`))));

    for (const runId of new Set(answers.map((answer) => answer.runId as string))) await stage.finish(runId);

    expect([...stage.school.boxes.values()].map(({ title }) => title)).toEqual(ids.map((id) => `New ${id}`));
  });

  test('whose run begins between finding it and joining it gets another one', async () => {
    const stage = await openTwoWay();
    const first = await put(stage, 'b1', category('One'));
    const { store } = stage.vendor.worker;
    const bodies: number[] = [];
    const racing = {
      ...store,
      async transaction(body: Parameters<typeof store.transaction>[0]) {
        if (bodies.length === 0) await stage.finish(first.runId as string);
        const at = bodies.push(0) - 1;
        return await store.transaction((transaction) => {
          bodies[at] = (bodies[at] ?? 0) + 1;
          return body(transaction);
        });
      },
    } as typeof store;
    const params = { ...integration, entityType: 'category', recordId: 'b1', value: category('Two') };

    const second = await putRecord.run(callWith(stage, { store: racing }), params);

    // Found out once, and done another way: no body runs again in the hope that the run has not begun.
    expect(new Set(bodies)).toEqual(new Set([1]));
    expect(second).toMatchObject({ changed: true });
    expect(second.runId).not.toBe(first.runId);
    await stage.finish(second.runId as string);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Two' });
    const [change] = (await changesOf(stage)).slice(-1);
    expect(change).toMatchObject({ after: category('Two'), runId: second.runId });
  });

  test('gets a new run once the first has begun, and nothing is lost in between', async () => {
    const stage = await openTwoWay();
    const first = await put(stage, 'b1', category('One'));
    await stage.finish(first.runId as string);
    const second = await put(stage, 'b1', category('Two'));

    expect(second.runId).not.toBe(first.runId);
    await stage.finish(second.runId as string);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Two' });
  });

  test('does not join a run that was asked for under other settings', async () => {
    const stage = await openTwoWay();
    const first = await put(stage, 'b1', category('One'));
    const settings = { writeBack: ['category'], merge: { default: 'alwaysTheirs' } };
    await stage.control.result('settings.put.v1', { ...integration, settings });

    const second = await put(stage, 'b2', category('Two'));

    expect(second.runId).not.toBe(first.runId);
    await stage.finish(first.runId as string);
    await stage.finish(second.runId as string);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'One' });
    expect(stage.school.boxes.get('b2')).toMatchObject({ title: 'Box b2' });
  });
});

describe('an edit that goes nowhere at once', () => {
  test.each<[string, JsonObject]>([
    ['of an entity type that is not written back', {}],
    ['while nothing is pushed', { writeBack: ['category'], steps: { push: false } }],
    ['of an entity type that is not synced', { writeBack: ['category'], disabledEntityTypes: ['category'] }],
  ])('%s is kept, told as a change, and has no run', async (_name, settings) => {
    const stage = await openTwoWay();
    await stage.control.result('settings.put.v1', { ...integration, settings });
    const { length } = stage.control.enqueued;
    await stage.control.clock.advance(1);

    const answer = await put(stage, 'b1', category('Homework'));

    expect(answer).toEqual({ recordId: 'b1', version: 2, changed: true, runId: null });
    expect(stage.control.enqueued).toHaveLength(length);
    const [change] = (await changesOf(stage)).slice(-1);
    expect(change).toMatchObject({ recordId: 'b1', after: category('Homework') });
    const { entries } = await stage.control.result('audit.list.v1', { customerId: 'springfield', limit: 1 });
    // Without a run the change names the audit entry.
    expect(entries).toMatchObject([{ entryId: change?.runId, action: 'records.put.v1' }]);
    expect(stage.school.boxes.get('b1')).toMatchObject({ title: 'Box b1' });
  });

  test('of a paused integration is kept', async () => {
    const stage = await openTwoWay();
    await stage.control.result('integrations.put.v1', {
      ...integration,
      vendor: 'shelf-school',
      connection: { ...stage.vendor.connection },
      state: 'paused',
    });
    expect(await put(stage, 'b1', category('Homework'))).toMatchObject({ changed: true, runId: null });
  });

  test('since nothing is changed by it writes nothing, and says so', async () => {
    const stage = await openTwoWay();
    const before = await changesOf(stage);
    const { length } = stage.control.enqueued;

    expect(await put(stage, 'b1', category('Box b1'))).toEqual({
      recordId: 'b1',
      version: 1,
      changed: false,
      runId: null,
    });

    expect(await changesOf(stage)).toEqual(before);
    expect(stage.control.enqueued).toHaveLength(length);
    expect((await stage.control.result('audit.list.v1', { customerId: 'springfield' })).entries).toHaveLength(
      1,
    );
  });
});

describe('the change of an edit', () => {
  test('is left to a run under way, which sends it', async () => {
    const stage = await openTwoWay();
    const runId = await stage.vendor.start();
    const worker = { sliceMs: 0 };
    await stage.vendor.deliver(runId, { worker });
    expect(await readLease(stage.control.store, 'springfield', 'first')).toMatchObject({ runId });
    const published = await stage.vendor.published();

    await put(stage, 'b1', category('Homework'));
    expect(await stage.vendor.published()).toBe(published);

    await stage.finish(runId);
    expect(await stage.vendor.published()).toBe(published + 1);
  });
});

describe('an edit by somebody who saw another version', () => {
  test('is refused, and the version that stands is told', async () => {
    const stage = await openTwoWay();
    await put(stage, 'b1', category('One'), { ifVersion: 1 });

    for (const method of ['records.put.v1', 'records.delete.v1']) {
      const value = method === 'records.put.v1' ? { value: category('Two') } : {};
      const { error } = await stage.control.call(method, { ...stage.box('b1'), ...value, ifVersion: 1 });
      expect(error?.data).toMatchObject({ code: 'stale_version', expected: 1, found: 2 });
    }
    expect(await get(stage, 'b1')).toMatchObject({ ours: category('One') });
  });

  test('of two at the same moment one wins', async () => {
    const stage = await openTwoWay();
    const answers = await Promise.all(
      ['One', 'Two'].map((title) =>
        stage.control.call('records.put.v1', { ...stage.box('b1'), value: category(title), ifVersion: 1 }),
      ),
    );
    expect(answers.filter(({ result }) => result?.changed === true)).toHaveLength(1);
    expect(answers.find(({ error }) => error)?.error?.data).toMatchObject({ code: 'stale_version' });
  });

  test('who thought that there was none is refused too', async () => {
    const stage = await openTwoWay();
    const params = { ...stage.box('b1'), value: category('One'), ifVersion: 0 };
    expect((await stage.control.call('records.put.v1', params)).error?.data).toMatchObject({
      code: 'stale_version',
      found: 1,
    });
  });
});

describe('an edit that is not sound', () => {
  test.each<[string, JsonObject, string, string]>([
    [
      'a member of no such name',
      { value: { ...category('x'), titel: 'y' } },
      '/value/titel',
      'did you mean "title"?',
    ],
    ['a missing member', { value: { status: 'active' } }, '/value/title', 'expected string'],
    [
      'a member of another type',
      { value: { ...category('x'), weight: '2' } },
      '/value/weight',
      'expected number',
    ],
    [
      'a word that is none of the model',
      { value: { ...category('x'), status: 'gone' } },
      '/value/status',
      'Invalid',
    ],
    [
      'a credential',
      { value: { ...category('x'), password: 'canary' } },
      '/value/password',
      'no such member',
    ],
    [
      'a member of every object',
      { value: { ...category('x'), constructor: {} } },
      '/value/constructor',
      'no such',
    ],
    ['half of a character', { value: category('\ud83d') }, '/value/title', 'lone surrogate'],
    ['a list', { value: [] }, '/value', 'an object'],
    ['null', { value: null }, '/value', 'an object'],
    ['no value', { value: 'left out' }, '/value', 'an object'],
    ['an unknown entity type', { value: {}, entityType: 'box' }, '/entityType', 'Invalid option'],
    [
      'an entity type of every object',
      { value: {}, entityType: 'toString' },
      '/entityType',
      'Invalid option',
    ],
    ['an empty id', { value: {}, recordId: '' }, '/recordId', ''],
    ['an id that is too long', { value: {}, recordId: 'x'.repeat(256) }, '/recordId', ''],
    [
      'an id with half of a character',
      { value: {}, recordId: 'a\udc00' },
      '/recordId',
      'half of a character',
    ],
    ['a version below 0', { value: {}, ifVersion: -1 }, '/ifVersion', ''],
    ['a parameter of no such name', { value: {}, version: 1 }, '/version', 'no such parameter'],
  ])('with %s is refused at its place', async (_name, wrong, pointer, words) => {
    const control = await openControl();
    await register(control, 'springfield', ['first']);
    const params: JsonObject = { ...integration, entityType: 'category', recordId: 'b1', ...wrong };

    const { error } = await control.call('records.put.v1', params);

    expect(error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer, message: expect.stringContaining(words) }],
    });
    expect(JSON.stringify(error)).not.toContain('canary');
    const stored = { ...integration, entityType: 'category' };
    expect((await control.result('records.list.v1', stored)).records).toEqual([]);
  });

  test('with a member named __proto__ is refused, and does not lose it on the way', async () => {
    const stage = await openTwoWay();
    const value = JSON.parse('{"status":"active","title":"x","__proto__":{"admin":true}}') as JsonObject;
    const { error } = await stage.control.call('records.put.v1', { ...stage.box('b1'), value });
    expect(error?.data).toMatchObject({ issues: [{ pointer: '/value/__proto__' }] });
  });

  test('keeps what is free under metadata, to the letter', async () => {
    const stage = await openTwoWay();
    const text = '{"metadata":{"":[],"__proto__":{"a":1},"constructor":null},"status":"active","title":"x"}';
    await put(stage, 'b1', JSON.parse(text) as JsonObject);
    expect(JSON.stringify((await get(stage, 'b1')).ours)).toBe(text);
  });

  test('for a record, integration or customer that is not there has nothing to delete', async () => {
    const stage = await openTwoWay();
    for (const wrong of [{ recordId: 'b9' }, { integrationId: 'none' }, { customerId: 'shelbyville' }]) {
      const { error } = await stage.control.call('records.delete.v1', { ...stage.box('b1'), ...wrong });
      expect(error?.data).toMatchObject({ code: 'not_found', ...wrong });
    }
    await stage.control.result('records.delete.v1', stage.box('b1'));
    expect((await stage.control.call('records.delete.v1', stage.box('b1'))).error?.data).toMatchObject({
      code: 'not_found',
    });
  });
});

test('edits are in the audit trail: who, what, which fields, and the run', async () => {
  const stage = await openTwoWay();
  const { runId } = await put(stage, 'b1', category('Homework'));
  await stage.control.clock.advance(1);
  await stage.control.result('records.delete.v1', stage.box('b2'), 'orchestrator');

  const { entries } = await stage.control.result('audit.list.v1', { customerId: 'springfield', limit: 2 });

  expect(entries).toMatchObject([
    { action: 'records.delete.v1', target: { recordId: 'b2', runId }, detail: { action: 'delete' } },
    {
      action: 'records.put.v1',
      actor: 'test',
      target: { integrationId: 'first', entityType: 'category', recordId: 'b1', runId },
      detail: {
        action: 'update',
        version: 2,
        fields: [{ pointer: '/title', before: 'Box b1', after: 'Homework' }],
      },
    },
  ]);
});
