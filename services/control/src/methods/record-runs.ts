import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import type { EntityType } from '@flotilla/substrate/model';
import { enqueueSlice, insertQueuedRun } from '@flotilla/substrate/pipeline';
import { IntegrationSettings, isPushed } from '@flotilla/substrate/settings/integration-settings';
import {
  type Integration,
  listRuns,
  type Run,
  readRun,
  readRunSettings,
  type Store,
  type StoreTransaction,
  updateRun,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';

/** Records of one entity type that a realtime run is to bring in step. */
export interface RecordRunRequest {
  readonly integration: Integration;
  readonly entityType: EntityType;
  readonly recordIds: readonly string[];
  /** The method that asks, by its wire name. */
  readonly method: string;
  /** Who asks: an account, or the name of a local token. */
  readonly requestedBy: string;
}

/** A run takes no more records: its row is read and written whole. */
const mostRecords = 100;
/** Of an integration's latest runs so many are looked at. One that waits is among them: as long as there is one, no other is begun. */
const latestRuns = 10;

/**
 * A realtime run that waits for its first slice, to which records may still be added: it will read them when it begins. So a burst of edits
 * is one run that waits behind the one under way, and not one each. Undefined where there is none.
 */
export async function findWaitingRun(
  reader: Store | StoreTransaction,
  { integration, entityType, recordIds }: RecordRunRequest,
): Promise<Run | undefined> {
  const { customerId, integrationId } = integration;
  const runs = await listRuns(reader, { customerId, integrationId, limit: latestRuns });
  for (const run of runs) {
    if (!isWaiting(run) || run.entityTypes.length !== 1 || run.entityTypes[0] !== entityType) continue;
    if (new Set([...run.recordIds, ...recordIds]).size > mostRecords) continue;
    // It follows the settings of when it was asked for.
    const settings = await readRunSettings(reader, run);
    if (isSame(settings, IntegrationSettings.parse(integration.settings))) return run;
  }
  return undefined;
}

/**
 * Buffers that these records be brought in step: by the run of this id, or by a new one of this id. False where that run has begun since it
 * was found: then nothing is buffered.
 */
export async function joinRun(
  control: Control,
  transaction: StoreTransaction,
  request: RecordRunRequest,
  runId: string,
  isKnown: boolean,
): Promise<boolean> {
  const { integration, entityType, recordIds, method, requestedBy } = request;
  const { customerId, integrationId } = integration;
  if (isKnown) {
    const run = await readRun(transaction, customerId, runId);
    if (!isWaiting(run)) return false;
    updateRun(transaction, run, { recordIds: [...new Set([...run.recordIds, ...recordIds])] });
    return true;
  }
  const context = 'realtime';
  const entityTypes = [entityType];
  const asked = { customerId, integrationId, context, method, entityTypes, recordIds, requestedBy } as const;
  await insertQueuedRun(control, transaction, asked, runId);
  return true;
}

/** Queues a run's first slice, after its row is there. Where that does not succeed the sweeper will do it. */
export async function wakeRun(control: Control, customerId: string, runId: string): Promise<void> {
  try {
    await enqueueSlice(control, await readRun(control.store, customerId, runId));
  } catch (error) {
    control.log.warn('A run was not queued; the sweeper will do it', { customerId, runId, error });
  }
}

/** Whether what is changed on our side goes to the vendor at once. */
export function isPushedAtOnce(
  { vendors }: Pick<Control, 'vendors'>,
  { state, vendor, settings: chosen }: Integration,
  entityType: EntityType,
): boolean {
  const settings = IntegrationSettings.parse(chosen);
  return (
    state === 'active' &&
    vendors.includes(vendor) &&
    !settings.disabledEntityTypes.includes(entityType) &&
    isPushed(settings, entityType)
  );
}

/** Not begun: whoever takes its lease reads the row after that. */
function isWaiting({ state, startedAt, context, recordIds, isDryRun, reverts }: Run): boolean {
  return (
    state === 'queued' &&
    startedAt === null &&
    context === 'realtime' &&
    recordIds.length > 0 &&
    !isDryRun &&
    reverts === null
  );
}

function isSame(a: IntegrationSettings, b: IntegrationSettings): boolean {
  return canonicalJson(JSON.parse(JSON.stringify(a))) === canonicalJson(JSON.parse(JSON.stringify(b)));
}
