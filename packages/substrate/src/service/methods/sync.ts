import { z } from 'zod';
import { type EntityType, type Family } from '../../model/entity-types.ts';
import type { RunStarter } from '../../pipeline/parts.ts';
import { type RunRequest, startRun } from '../../pipeline/run/start-run.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { contexts, entityTypesOf, type Vendor } from '../../vendor/define-vendor.ts';
import { CustomerId, IntegrationId, RunId } from './identifiers.ts';

const summaries: Readonly<Record<Family, string>> = {
  rosters: 'Starts a sync of people, classes and enrollments; answers at once',
  grades: 'Starts a sync of the gradebook; answers at once',
  attendance: 'Starts a sync of who was and was not there; answers at once',
  assessments: 'Starts a sync of tests and their outcomes; answers at once',
};

/** How a sync may be asked for, whatever it covers. */
export const syncOptions = {
  dryRun: z
    .boolean()
    .default(false)
    .describe('Fetches, verifies and plans, and changes nothing: runs.plan shows what would change'),
  full: z
    .boolean()
    .default(false)
    .describe('Fetches everything whole, also where the vendor tells what has changed'),
  idempotencyKey: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Asking twice with the same key starts one run'),
};

interface SyncOptions {
  readonly dryRun: boolean;
  readonly full: boolean;
  readonly idempotencyKey?: string | undefined;
}

/** Pure. A sync that is asked for so, as a run. */
export function toSyncRequest(
  request: Omit<RunRequest, 'isDryRun' | 'isFull' | 'idempotencyKey'>,
  { dryRun, full, idempotencyKey }: SyncOptions,
): RunRequest {
  return {
    ...request,
    isDryRun: dryRun,
    isFull: full,
    // Whoever tries first and then means it may well do so under one key: the trial is not the run.
    ...(idempotencyKey === undefined
      ? {}
      : { idempotencyKey: dryRun ? `${idempotencyKey}\u0000dry run` : idempotencyKey }),
  };
}

/** The sync method of a family of entity types, where the vendor has any. */
export function defineSync(vendor: Vendor, family: Family) {
  const offered = entityTypesOf(vendor, family);
  if (offered.length === 0) return [];
  const name = `${family}.sync`;
  const method = defineMethod({
    name,
    version: 1,
    summary: summaries[family],
    params: z.strictObject({
      customerId: CustomerId,
      integrationId: IntegrationId.default(vendor.id),
      entityTypes: z
        .array(z.enum(offered as [EntityType, ...EntityType[]]))
        .min(1)
        .optional()
        .describe('Only these; default: all of this family'),
      context: z.enum(contexts).default('manual').describe("Which of the vendor's queues it waits in"),
      ...syncOptions,
    }),
    result: z.strictObject({
      runId: RunId,
      created: z.boolean().describe('False: a run with this idempotency key was there already'),
    }),
    roles: ['admin', 'orchestrator', 'scheduler'],
    errors: ['not_found', 'unavailable'],
    run({ context: starter, caller }: Call<RunStarter>, params) {
      const { customerId, integrationId, entityTypes = offered, context, ...options } = params;
      const integration = { vendor: vendor.id, customerId, integrationId };
      const what = { context, method: `${name}.v1`, entityTypes, requestedBy: caller.name };
      return startRun(starter, toSyncRequest({ ...integration, ...what }, options));
    },
  });
  return [method];
}
