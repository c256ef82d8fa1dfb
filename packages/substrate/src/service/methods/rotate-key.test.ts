import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dataKeys } from '../../credentials/data-keys.ts';
import { readKeyVersion } from '../../credentials/envelope.ts';
import { rotateKeyFile } from '../../credentials/key-file.local.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { ColumnCipher } from '../../orm/column-cipher.ts';
import { paperSchool } from '../../pipeline/paper-school.fixture.ts';
import { listAuditEntries } from '../../store/audit.ts';
import { putCustomer } from '../../store/customers.ts';
import { credentials, putIntegration, readCredential } from '../../store/integrations.ts';
import { pageBodies, readPageBody } from '../../store/pages.ts';
import { quarantine } from '../../store/quarantine.ts';
import type { Store } from '../../store/schema.ts';
import {
  openServiceStage,
  type ServiceStage,
  type ServiceStageOptions,
} from '../../testing/service-stage.ts';
import { vendorService } from '../vendor-service.ts';
import { sealedTables } from './sealed-place.ts';

const customerId = 'springfield';
const ours = { customerId, integrationId: 'paper-school' };
const second = { customerId, integrationId: 'second' };
const ofOther = { customerId, integrationId: 'other-vendor' };
const digests = ['d1', 'd2', 'd3', 'd4', 'd5'];
const failure = { code: 'record_quarantined', message: 'No id', data: {} };
const expiresAt = '2027-01-01T00:00:00.000Z';

/** Three integrations, the third of another vendor: each with a credential, five raw pages and two records in quarantine. */
async function openStage(options: ServiceStageOptions = {}): Promise<ServiceStage> {
  const stage = await openServiceStage(vendorService(paperSchool), options);
  onTestFinished(() => stage.close());
  const rest = { connection: { baseUrl: 'https://vendor.invalid' }, settings: { disabledEntityTypes: [] } };
  await stage.store.transaction(async (transaction) => {
    putCustomer(transaction, { customerId, name: 'Springfield', timeZone: 'UTC' }, true);
    for (const owner of [ours, second, ofOther]) {
      const vendor = owner === ofOther ? 'other' : 'paper-school';
      putIntegration(transaction, { ...owner, vendor, state: 'active', ...rest }, true);
    }
  });
  for (const owner of [ours, second, ofOther]) await store(stage.store, owner);
  return stage;
}

async function store(database: Store, owner: typeof ours): Promise<void> {
  const updatedAt = '2026-01-01T00:00:00.000Z';
  const credential = { token: `secret of ${owner.integrationId}` };
  const at = { ...owner, runId: 'r', entityType: 'user', page: 1, recordId: null, failure, expiresAt };
  await database.write([
    { kind: 'upsert', table: credentials, row: { ...owner, credential, updatedAt } },
    ...digests.map((digest) => {
      const row = { ...owner, digest, body: Buffer.from(`page ${digest}`), expiresAt };
      return { kind: 'upsert' as const, table: pageBodies, row };
    }),
    { kind: 'upsert', table: quarantine, row: { ...at, ordinal: 0, raw: { name: 'Ann' } } },
    { kind: 'upsert', table: quarantine, row: { ...at, ordinal: 1, raw: null } },
  ]);
}

/** Shows instead of each value under which version of the data key it stands. */
const versionCipher: ColumnCipher = {
  seal: async (plain) => plain,
  open: async (sealed) => Buffer.from(String(readKeyVersion(sealed))),
};

async function versionsOf({ store: database }: ServiceStage, owner: typeof ours): Promise<number[]> {
  const shown = database.withCipher(versionCipher);
  const rows = [
    ...(await shown.scan(credentials, { prefix: owner })).map(({ credential }) => credential),
    ...(await shown.scan(pageBodies, { prefix: owner })).map(({ body }) => Buffer.from(body).toString()),
    ...(await shown.scan(quarantine, { prefix: owner })).map(({ raw }) => raw ?? 0),
  ];
  return rows.map(Number);
}

async function expectReadable({ store: database }: ServiceStage, owner: typeof ours): Promise<void> {
  const { integrationId } = owner;
  expect(await readCredential(database, customerId, integrationId)).toEqual({
    token: `secret of ${integrationId}`,
  });
  for (const digest of digests) {
    const body = await readPageBody(database, { ...owner, digest });
    expect(Buffer.from(body ?? []).toString()).toBe(`page ${digest}`);
  }
  const raws = (await database.scan(quarantine, { prefix: owner })).map(({ raw }) => raw);
  expect(raws).toEqual([{ name: 'Ann' }, null]);
}

const wholly = (version: number): number[] => [
  version,
  version,
  version,
  version,
  version,
  version,
  version,
  0,
];

/** Makes a new key, and lets the time pass in which others may still seal under the one before. */
async function begin(stage: ServiceStage): Promise<JsonObject> {
  const begun = await stage.result('keys.rotate.v1', ours);
  await stage.clock.advance(60_000);
  return begun.next as JsonObject;
}

describe('keys.rotate', () => {
  test('finds what is sealed in tables whose keys begin with the integration', () => {
    expect(sealedTables.map(({ name }) => name)).toEqual(['credentials', 'page_bodies', 'quarantine']);
    for (const { primaryKey } of sealedTables)
      expect(primaryKey.slice(0, 2).map(({ column }) => column)).toEqual(['customerId', 'integrationId']);
  });

  test('makes a new key, then seals everything of the integration under it, chunk by chunk, and nothing else', async () => {
    const stage = await openStage();
    const before = await stage.store.withCipher(versionCipher).scan(dataKeys, { prefix: second });

    const begun = await stage.result('keys.rotate.v1', ours);
    expect(begun).toMatchObject({ keyVersion: 2, resealed: 0, left: 8, failed: 0 });
    expect(await versionsOf(stage, ours)).toEqual(wholly(1));
    await stage.clock.advance(60_000);
    const answers: JsonObject[] = [];
    for (let goOn = begun.next; goOn !== null && goOn !== undefined; goOn = answers.at(-1)?.next)
      answers.push(await stage.result('keys.rotate.v1', { ...ours, goOn, limit: 3 }));

    expect(answers.map(({ resealed, left }) => [resealed, left])).toEqual([
      [3, 5],
      [3, 2],
      [1, 0],
    ]);
    expect(await versionsOf(stage, ours)).toEqual(wholly(2));
    for (const other of [second, ofOther]) expect(await versionsOf(stage, other)).toEqual(wholly(1));
    expect(await stage.store.scan(dataKeys, { prefix: second })).toEqual(before);
    for (const owner of [ours, second, ofOther]) await expectReadable(stage, owner);
  });

  test('stands in the audit trail, with who asked for it and which key was made', async () => {
    const stage = await openStage();
    await begin(stage);

    expect(await listAuditEntries(stage.store, customerId, { limit: 10 })).toMatchObject([
      {
        actor: 'test',
        action: 'keys.rotate.v1',
        target: { integrationId: 'paper-school' },
        detail: { keyVersion: 2 },
      },
    ]);
  });

  test('does no harm when its process dies after any commit and the call is repeated, nor when it is repeated once more', async () => {
    let untilCrash = Number.POSITIVE_INFINITY;
    const stage = await openStage({
      onEffect(moment) {
        if (moment === 'after' && --untilCrash <= 0) throw new Error('The process has died');
      },
    });
    const goOn = await begin(stage);

    for (const commits of [1, 2, 4]) {
      untilCrash = commits;
      expect((await stage.call('keys.rotate.v1', { ...ours, goOn })).error?.data.code).toBe('internal');
      untilCrash = Number.POSITIVE_INFINITY;
      await expectReadable(stage, ours);
    }
    expect(await stage.result('keys.rotate.v1', { ...ours, goOn })).toMatchObject({ left: 0, next: null });
    expect(await stage.result('keys.rotate.v1', { ...ours, goOn })).toMatchObject({
      resealed: 0,
      next: null,
    });

    expect(await versionsOf(stage, ours)).toEqual(wholly(2));
    await expectReadable(stage, ours);
  });

  test('seals nothing before every process has left the old key', async () => {
    const stage = await openStage();
    const { next } = await stage.result('keys.rotate.v1', ours);

    const answer = stage.result('keys.rotate.v1', { ...ours, goOn: next as JsonObject });
    await stage.clock.advance(30_000);
    expect(await versionsOf(stage, ours)).toEqual(wholly(1));
    await stage.clock.advance(20_000);

    expect(await answer).toMatchObject({ resealed: 7, next: null });
  });

  test('names the rows that do not open, leaves them, and seals all others', async () => {
    const stage = await openStage();
    const row = { ...ours, digest: 'd2', body: Buffer.from('page d2'), expiresAt };
    const damaged = Buffer.concat([Buffer.from('010100000001', 'hex'), Buffer.alloc(40, 'x')]);
    await stage.store
      .withCipher({ ...versionCipher, seal: async () => damaged })
      .write([{ kind: 'upsert', table: pageBodies, row }]);
    const goOn = await begin(stage);

    expect(await stage.result('keys.rotate.v1', { ...ours, goOn })).toMatchObject({
      resealed: 6,
      failed: 1,
      faults: [{ table: 'page_bodies', key: ['d2'], reason: 'not_authentic' }],
      next: null,
    });
    expect(await versionsOf(stage, ours)).toEqual([2, 2, 1, 2, 2, 2, 2, 0]);
  });

  test('is for admins, for integrations of this vendor, and goes on from what it answered alone', async () => {
    const stage = await openStage();
    const goOn = await begin(stage);
    const codeOf = async (params: JsonObject, role?: 'orchestrator' | 'viewer' | 'scheduler') =>
      (await stage.call('keys.rotate.v1', params, role)).error?.data.code;

    for (const role of ['orchestrator', 'scheduler', 'viewer'] as const) {
      expect(await codeOf(ours, role)).toBe('forbidden');
      expect((await stage.call('keys.rewrap.v1', {}, role)).error?.data.code).toBe('forbidden');
    }
    expect(await codeOf({ ...ours, integrationId: 'nothing' })).toBe('not_found');
    expect(await codeOf(ofOther)).toBe('not_found');
    expect(await codeOf({ ...second, goOn })).toBe('not_found');
    expect(await codeOf({ ...ours, goOn: { ...goOn, keyVersion: 3 } })).toBe('not_found');
    expect(await codeOf({ ...ours, goOn: { ...goOn, after: ['d1'] } })).toBe('invalid_params');
    expect(await codeOf({ ...ours, goOn: { ...goOn, table: 'runs' } })).toBe('invalid_params');
    expect(await versionsOf(stage, ours)).toEqual(wholly(1));
    expect((await stage.store.scan(dataKeys)).map(({ version }) => version)).toEqual([1, 1, 2, 1]);
  });
});

describe('keys.rewrap', () => {
  test("wraps this vendor's data keys alone under the newest key of the ring, once", async () => {
    const home = await mkdtemp(join(tmpdir(), 'flotilla-rewrap-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const stage = await openStage({ home });
    await rotateKeyFile(join(home, 'keys.json'));

    const answer = { current: 0, left: 0, failed: 0, faults: [] };
    expect(await stage.result('keys.rewrap.v1', {})).toEqual({ ...answer, rewrapped: 2 });
    expect(await stage.result('keys.rewrap.v1', {})).toEqual({ ...answer, rewrapped: 0, current: 2 });

    const stored = await stage.store.scan(dataKeys);
    expect(stored.map(({ integrationId, ringKeyId }) => [integrationId, ringKeyId])).toEqual([
      ['other-vendor', 'local/1'],
      ['paper-school', 'local/2'],
      ['second', 'local/2'],
    ]);
    await stage.clock.advance(10 * 60_000);
    for (const owner of [ours, second, ofOther]) await expectReadable(stage, owner);
  });
});
