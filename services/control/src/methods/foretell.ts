import { Json } from '@flotilla/substrate/methods';
import { foretellDecision } from '@flotilla/substrate/report/foretell-decision';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import {
  listOpenConflictsOf,
  readIntegration,
  type Store,
  type StoredConflict,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Choice } from './try-decision.ts';

const SideView = z.strictObject({
  outcome: z
    .enum(['stays', 'appears', 'changes', 'removed'])
    .describe('What becomes of the field on this side, or of the whole record where the pointer is empty'),
  before: Json.optional(),
  after: Json.optional(),
  kept: z
    .strictObject({
      setting: z.string().describe('JSON Pointer within the settings of the integration'),
      message: z.string(),
    })
    .nullable()
    .describe('Not null: the decision asks for another value here, and this setting keeps the side from it'),
});

export const ForetoldView = z.strictObject({
  conflictId: z.string(),
  ours: SideView,
  theirs: SideView,
  waitsFor: z
    .int()
    .min(0)
    .describe(
      'Open conflicts of the record that these decisions are not about: nothing of it is merged until they are decided too. More than 100 are said as 100',
    ),
});

/** Of a record with more open conflicts than these it is enough to know that there are many. */
const mostOpen = 100;

/** What the run that follows these decisions does, as far as what was seen still holds then. */
export async function foretell(
  store: Store,
  pairs: readonly (readonly [{ readonly choice: Choice }, StoredConflict])[],
): Promise<z.input<typeof ForetoldView>[]> {
  const conflicts = pairs.map(([, conflict]) => conflict);
  const settings = await readSettings(store, conflicts);
  const openByRecord = await countOthers(store, conflicts);
  return pairs.map(([{ choice }, conflict]) => {
    const { conflictId, entityType, sides, integrationId } = conflict;
    const chosen = settings.get(integrationId) ?? IntegrationSettings.parse({});
    const foretold = foretellDecision({ entityType, sides, choice }, chosen);
    return { conflictId, ...foretold, waitsFor: openByRecord.get(recordOf(conflict)) ?? 0 };
  });
}

async function readSettings(
  store: Store,
  conflicts: readonly StoredConflict[],
): Promise<ReadonlyMap<string, IntegrationSettings>> {
  const byIntegration = new Map<string, IntegrationSettings>();
  for (const { customerId, integrationId } of conflicts) {
    if (byIntegration.has(integrationId)) continue;
    const { settings } = await readIntegration(store, customerId, integrationId);
    byIntegration.set(integrationId, IntegrationSettings.parse(settings));
  }
  return byIntegration;
}

/** By record, how many of its conflicts are open that are not among these. */
async function countOthers(
  store: Store,
  conflicts: readonly StoredConflict[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Set(conflicts.map(({ conflictId }) => conflictId));
  const records = new Map(conflicts.map((conflict) => [recordOf(conflict), conflict]));
  const counts = await Promise.all(
    [...records].map(async ([key, { customerId, integrationId, entityType, recordId }]) => {
      const scope = { customerId, integrationId, entityType, recordId };
      const open = await listOpenConflictsOf(store, scope, undefined, mostOpen + ids.size);
      const others = open.filter(({ state, conflictId }) => state === 'open' && !ids.has(conflictId));
      return [key, Math.min(others.length, mostOpen)] as const;
    }),
  );
  return new Map(counts);
}

function recordOf({ integrationId, entityType, recordId }: StoredConflict): string {
  return JSON.stringify([integrationId, entityType, recordId]);
}
