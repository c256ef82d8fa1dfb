import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type KeyOwner, readDataKey } from '../../credentials/data-keys.ts';
import { resealTable } from '../../credentials/reseal-table.ts';
import { sealingTtlMs } from '../../credentials/vault.ts';
import { Failure } from '../../failure/failure.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { insertAuditEntry } from '../../store/audit.ts';
import { readVendorIntegration } from '../../store/integrations.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { CustomerId, IntegrationId } from './identifiers.ts';
import {
  countLeft,
  KeyVersion,
  keyAfter,
  placeIn,
  SealedPlace,
  sealedTables,
  tableNamed,
  valuesOf,
} from './sealed-place.ts';

/** How long one call reseals: with the wait before it, well below what callers wait for an answer. */
const budgetMs = 20_000;

/** Until then another process may have sealed under the key before, and not yet committed it. */
const settledMs = sealingTtlMs + 15_000;

/** More are counted, not named. */
const mostNamed = 20;

const Fault = z.strictObject({
  table: z.string(),
  key: z.array(z.union([z.string(), z.int()])).describe('Without customer and integration'),
  reason: z.string(),
});

/** `keys.rotate`: a new data key for one integration, and call by call everything sealed under it. */
export function defineKeyRotation(vendor: Vendor) {
  return defineMethod({
    name: 'keys.rotate',
    version: 1,
    summary:
      "Makes a new data key for an integration, and with further calls seals all of the integration's secrets under it",
    description:
      'The first call makes the key and answers at once. Call again with `next` as `goOn` until it is null. Any call may be repeated.',
    params: z.strictObject({
      customerId: CustomerId,
      integrationId: IntegrationId.default(vendor.id),
      goOn: SealedPlace.optional().describe('`next` of the call before; left out: a new key is made'),
      limit: z.int().min(1).max(10_000).default(2_000).describe('How many rows one call looks at, at most'),
    }),
    result: z.strictObject({
      keyVersion: KeyVersion.describe('The new data key'),
      resealed: z.int().describe('Rows that this call sealed under it'),
      left: z.int().describe('Rows that are still to be looked at'),
      failed: z
        .int()
        .describe('Rows that do not open: they stay as they are, and keep no other from being sealed'),
      faults: z.array(Fault).describe(`The first ${mostNamed} of those`),
      next: SealedPlace.nullable().describe('Pass it as `goOn`; null: everything stands under the new key'),
    }),
    roles: ['admin'],
    errors: ['not_found', 'unavailable'],
    async run(call: Call<RunWorker>, { customerId, integrationId, goOn, limit }) {
      const owner = { customerId, integrationId };
      await readVendorIntegration(call.context.store, customerId, integrationId, vendor.id);
      return goOn === undefined ? await begin(call, owner) : await proceed(call, owner, goOn, limit);
    },
  });
}

async function begin({ context: { store, vault, clock }, caller, log }: Call<RunWorker>, owner: KeyOwner) {
  const keyVersion = await vault.rotate(owner);
  const { customerId, integrationId } = owner;
  log.info('A new data key was made', { ...owner, keyVersion });
  await store.transaction(async (transaction) =>
    insertAuditEntry(transaction, {
      customerId,
      at: new Date(clock.now()).toISOString(),
      entryId: randomUUID(),
      actor: caller.name.slice(0, 320),
      action: 'keys.rotate.v1',
      target: { integrationId },
      detail: { keyVersion },
    }),
  );
  const next = placeIn(keyVersion, sealedTables[0]);
  return { keyVersion, resealed: 0, left: await countLeft(store, owner, next), failed: 0, faults: [], next };
}

async function proceed(
  { context: worker, log, signal }: Call<RunWorker>,
  owner: KeyOwner,
  goOn: SealedPlace,
  limit: number,
) {
  const { store, vault, clock } = worker;
  const { keyVersion } = goOn;
  const key = await readDataKey(store, owner, keyVersion);
  if (key === undefined || key.wrapped === null)
    throw new Failure('not_found', 'The integration has no such data key', {
      data: { ...owner, keyVersion },
    });
  const unsettledMs = Date.parse(key.createdAt) + settledMs - clock.now();
  if (unsettledMs > 0) await clock.sleep(Math.min(unsettledMs, settledMs), signal);
  await worker.prepareKey(owner);

  const deadline = clock.now() + budgetMs;
  const faults: z.input<typeof Fault>[] = [];
  let looked = 0;
  let resealed = 0;
  let failed = 0;
  let next: SealedPlace | null = goOn;
  while (next !== null) {
    const table = tableNamed(next.table);
    const after = keyAfter(table, owner, next);
    const result = await resealTable(table, {
      database: store,
      cipher: vault,
      owner,
      keyVersion,
      isOver: () => looked++ >= limit || clock.now() >= deadline,
      signal,
      ...(after === undefined ? {} : { after }),
    });
    resealed += result.resealed;
    failed += result.failed.length;
    for (const { key: at, reason } of result.failed.slice(0, mostNamed - faults.length))
      faults.push({ table: table.name, key: valuesOf(table, at), reason });
    if (!result.isDone) {
      next = {
        keyVersion,
        table: table.name,
        after: result.last === undefined ? null : valuesOf(table, result.last),
      };
      break;
    }
    next = placeIn(keyVersion, sealedTables[sealedTables.indexOf(table) + 1]);
  }
  const left = await countLeft(store, owner, next);
  log.info('Secrets were sealed under a new data key', { ...owner, keyVersion, resealed, failed, left });
  return { keyVersion, resealed, left, failed, faults, next };
}
