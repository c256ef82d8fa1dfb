import { describe, expect, onTestFinished, test } from 'vitest';
import type { VendorRequest } from '../../http/vendor-client.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { records } from '../../store/records.ts';
import type { Entity, EntityWrite, WriteRequest, WrittenRecord } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { present } from '../../vendor/present.ts';
import { editRecord } from '../edit-record.ts';
import { paperSchool } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner } from '../pipeline.fixture.ts';

type Written = WrittenRecord<'user'>;

/** Paper School with other words for its writes of users; tells what was asked to be described, and what was sent. */
async function startSchool(describeWrite: (record: Written, usual: WriteRequest) => WriteRequest) {
  const described: Written[] = [];
  const vendor: Vendor = {
    ...paperSchool,
    entities: paperSchool.entities.map((entity) =>
      entity.entityType === 'user' ? { ...entity, write: rewrite(entity) } : entity,
    ),
  };

  function rewrite({ write }: Entity): EntityWrite {
    const told =
      (name: 'create' | 'update' | 'remove') => (record: WrittenRecord<'user'>, connection: unknown) => {
        described.push(record);
        return describeWrite(record, write?.[name]?.(record, connection) as WriteRequest);
      };
    const { members } = write as EntityWrite<'user'>;
    return { members, create: told('create'), update: told('update'), remove: told('remove') } as EntityWrite;
  }

  const fixture = await createPipelineFixture({ vendor });
  onTestFinished(() => fixture.close());
  const sent: VendorRequest[] = [];
  const worker: RunWorker = {
    ...fixture.worker,
    openClient: (options) => {
      const client = fixture.worker.openClient(options);
      return {
        ...client,
        request: (request) => {
          if (request.method !== undefined) sent.push(request);
          return client.request(request);
        },
      };
    },
  };
  await fixture.choose({ writeBack: ['user'] });
  await fixture.sync();

  async function edit(recordId: string, members: object | null): Promise<void> {
    const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } });
    const before = rows.find((row) => row.recordId === recordId)?.value;
    const value = members === null ? null : present({ ...before, ...members } as JsonObject);
    await editRecord(fixture.worker, { ...owner, entityType: 'user', recordId, value, runId: 'edit' });
  }

  return { fixture, worker, described, sent, edit };
}

describe('what a write is described from', () => {
  test('names the members that differ from what the vendor has, those that go too', async () => {
    const { fixture, worker, described, edit } = await startSchool((_record, usual) => usual);
    fixture.school.data.users[1] = { ...fixture.school.data.users[1], mail: 'two@oak.example' };
    await fixture.sync();
    await edit('u2', { familyName: 'Ashby', email: undefined, middleName: 'not taken there' });
    await edit('n1', { status: 'active', enabledUser: true, givenName: 'N', familyName: 'C', roles: [] });
    await edit('u3', null);

    await fixture.sync(worker);

    const changed = Object.fromEntries(described.map((record) => [record.id, record.changed]));
    expect(changed).toEqual({ u2: ['familyName', 'email'], n1: ['givenName', 'familyName'], u3: [] });
    expect(described.find(({ id }) => id === 'u2')?.value).not.toHaveProperty('email');
  });

  test('has a key that stays when it is sent again in the run, and is another for each record and run', async () => {
    const { fixture, worker, described, edit } = await startSchool((_record, usual) => usual);
    await edit('u1', { familyName: 'First' });
    await edit('u2', { familyName: 'Second' });
    fixture.school.addFault('PUT /users/u2: 503');
    const runId = await fixture.start();
    await expect(fixture.deliver(runId, { worker })).rejects.toMatchObject({ code: 'vendor_unavailable' });
    while ((await fixture.deliver(runId, { worker })) !== 'finished');
    await edit('u2', { familyName: 'Third' });
    await fixture.sync(worker);

    const keysOf = (id: string) =>
      described.filter((record) => record.id === id).map((record) => record.idempotencyKey);
    const [first, again, later] = keysOf('u2');
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(again).toBe(first);
    expect(new Set([first, later, ...keysOf('u1')]).size).toBe(3);
  });
});

describe('a described write', () => {
  test('is sent with its query, headers and media types', async () => {
    const { fixture, worker, sent, edit } = await startSchool((_record, usual) => ({
      ...usual,
      query: { updateMask: 'family' },
      headers: { 'X-Why': 'test' },
      contentType: 'application/vnd.paper.v2+json',
      accept: 'application/vnd.paper.v2+json',
      idempotent: true,
    }));
    await edit('u2', { familyName: 'Ashby' });
    const { run } = await fixture.sync(worker);

    expect(run.state).toBe('partial');
    expect(sent).toEqual([
      expect.objectContaining({
        method: 'PUT',
        path: '/users/u2',
        query: { updateMask: 'family' },
        headers: { 'X-Why': 'test' },
        accept: 'application/vnd.paper.v2+json',
        idempotent: true,
        body: { json: { given: 'Given 2', family: 'Ashby' }, contentType: 'application/vnd.paper.v2+json' },
      }),
    ]);
  });

  test('may be a form', async () => {
    const { fixture, worker, sent, edit } = await startSchool(({ value }, { method, path }) => ({
      method,
      path,
      form: { 'user[name]': value.familyName },
    }));
    await edit('u2', { familyName: 'Ashby' });
    await fixture.sync(worker);

    expect(sent).toEqual([
      expect.objectContaining({ path: '/users/u2', body: { form: { 'user[name]': 'Ashby' } } }),
    ]);
  });
});
