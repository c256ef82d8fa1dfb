import { Failure } from '@flotilla/substrate/failure';
import {
  CustomerId,
  EntityTypeName,
  IntegrationId,
  RunId,
  syncOptions,
  toSyncRequest,
} from '@flotilla/substrate/methods';
import { type EntityType, type Family, families } from '@flotilla/substrate/model';
import { startRun as beginRun } from '@flotilla/substrate/pipeline';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readIntegration } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { entityTypesIn, familiesOf } from '../vendor-descriptions.ts';
import { noteAction } from './note-action.ts';

const action = 'runs.start.v1';

export const startRun = defineMethod({
  name: 'runs.start',
  version: 1,
  summary: "Starts a sync of an integration, noted in the customer's audit trail; answers at once",
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    family: z
      .enum(families)
      .optional()
      .describe(
        "Only this one, as the vendor's own rosters.sync does. Left out: all that the vendor has, as at night",
      ),
    entityTypes: z
      .array(EntityTypeName)
      .min(1)
      .optional()
      .describe('Only these of the family; default: all of it'),
    ...syncOptions,
  }),
  result: z.strictObject({
    runId: RunId,
    created: z.boolean().describe('False: a run with this idempotency key was there already'),
  }),
  roles: ['admin', 'orchestrator'],
  errors: ['not_found', 'unavailable', 'config_invalid'],
  async run(call: Call<Control>, { customerId, integrationId, family, entityTypes, ...options }) {
    const { context, signal } = call;
    const { vendor } = await readIntegration(context.store, customerId, integrationId);
    const wanted = await chooseEntityTypes(context, vendor, { family, entityTypes }, signal);
    const method = family === undefined ? action : `${family}.sync.v1`;
    const request = {
      customerId,
      integrationId,
      vendor,
      context: 'manual',
      method,
      entityTypes: wanted,
      requestedBy: call.caller.name,
    } as const;
    const { dryRun, full } = options;
    return beginRun(context, toSyncRequest(request, options), (transaction, { runId }) =>
      noteAction(call, transaction, {
        customerId,
        action,
        target: { integrationId, runId },
        detail: { family: family ?? null, entityTypes: entityTypes ?? null, dryRun, full },
      }),
    );
  },
});

interface Choice {
  readonly family: Family | undefined;
  readonly entityTypes: readonly string[] | undefined;
}

/** Which entity types are meant; none: all. A vendor whose service does not answer can still be asked for everything. */
async function chooseEntityTypes(
  { descriptions }: Control,
  vendor: string,
  { family, entityTypes }: Choice,
  signal: AbortSignal,
): Promise<readonly EntityType[]> {
  if (family === undefined) {
    if (entityTypes === undefined) return [];
    throw refuse('/entityTypes', 'say also of which family they are');
  }
  const description = await descriptions.read(vendor, signal);
  const offered = entityTypesIn(description, family);
  if (offered.length === 0) {
    throw refuse(
      '/family',
      `${description.title} has no ${family}; it has ${familiesOf(description).join(', ')}`,
    );
  }
  const stray = entityTypes?.findIndex((name) => !offered.some((each) => each === name)) ?? -1;
  if (stray >= 0) {
    const where = `/entityTypes/${stray}`;
    throw refuse(where, `of the ${family} of ${description.title} there are ${offered.join(', ')}`);
  }
  return entityTypes === undefined ? offered : offered.filter((name) => entityTypes.includes(name));
}

function refuse(pointer: string, message: string): Failure {
  return new Failure('invalid_params', 'This cannot be synced', { data: { issues: [{ pointer, message }] } });
}
