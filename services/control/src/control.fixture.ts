import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  openServiceStage,
  type ServiceStage,
  type ServiceStageOptions,
} from '@flotilla/substrate/testing/service-stage';
import { onTestFinished } from 'vitest';
import { control } from './service.ts';

/** Control in a fleet with two vendors, for one test. */
export async function openControl(options: ServiceStageOptions = {}): Promise<ServiceStage> {
  const deployed = ['control', 'warehouse', 'oneroster', 'clever'];
  const stage = await openServiceStage(control, { deployed, ...options });
  onTestFinished(() => stage.close());
  return stage;
}

/** Registers a customer with these integrations of OneRoster. */
export async function register(
  stage: ServiceStage,
  customerId: string,
  integrationIds: readonly string[] = ['oneroster'],
): Promise<void> {
  await stage.result('customers.put.v1', { customerId, name: `The ${customerId} district` });
  for (const integrationId of integrationIds) {
    await stage.result('integrations.put.v1', {
      customerId,
      integrationId,
      vendor: 'oneroster',
      connection: { baseUrl: 'https://example.com/roster' },
    });
  }
}

/** Pauses an integration of OneRoster, or lets it go on. */
export async function pause(
  stage: ServiceStage,
  customerId: string,
  integrationId: string,
  state: 'paused' | 'active' = 'paused',
): Promise<void> {
  const connection = { baseUrl: 'https://example.com/roster' };
  const integration = { customerId, integrationId, vendor: 'oneroster', connection, state };
  await stage.result('integrations.put.v1', integration);
}

/** Asks for a night and delivers its fan-out, as the queue would. */
export async function runNight(stage: ServiceStage, night: string): Promise<void> {
  await stage.result('nightly.run.v1', { night });
  await stage.deliver(fanOutTaskOf(stage, night));
}

/** The latest fan-out of a night. */
export function fanOutTaskOf(stage: ServiceStage, night: string) {
  const task = stage.enqueued.findLast(({ name }) => name?.startsWith(`fan-out-${night}-`));
  if (task === undefined) throw new Error(`No fan-out of ${night} was queued`);
  return task;
}

/** What plays Cloud Tasks for control's own queue, and Cloud Scheduler. */
export interface Player {
  /** Lets time pass and delivers each of control's tasks when it is due. */
  passUntil(moment: string): Promise<void>;
}

/** Plays for a stage. `askEveryMs`: the clock asks for the night now, and every so often. */
export function createPlayer(stage: ServiceStage, askEveryMs?: number): Player {
  const delivered = new Set<string | undefined>();
  let nextAskAt = askEveryMs === undefined ? Number.POSITIVE_INFINITY : stage.clock.now();

  async function passUntil(moment: string): Promise<void> {
    const until = Date.parse(moment);
    for (;;) {
      const [task] = stage.enqueued
        .filter(({ name, queue }) => queue === 'control' && !delivered.has(name))
        .toSorted((a, b) => (a.scheduleAt ?? 0) - (b.scheduleAt ?? 0));
      const taskAt = task === undefined ? Number.POSITIVE_INFINITY : (task.scheduleAt ?? 0);
      const at = Math.min(taskAt, nextAskAt);
      if (at > until) break;
      await stage.clock.advance(Math.max(0, at - stage.clock.now()));
      if (task !== undefined && taskAt <= nextAskAt) {
        delivered.add(task.name);
        await stage.deliver(task);
      } else {
        nextAskAt += askEveryMs ?? 0;
        await stage.result('nightly.run.v1', {}, 'scheduler');
      }
    }
    await stage.clock.advance(Math.max(0, until - stage.clock.now()));
  }

  return { passUntil };
}

interface BegunRun extends JsonObject {
  readonly customerId: string;
  readonly integrationId: string;
  readonly requestedAt: string;
}

/** When each run was asked for, in order: its customer, its integration, its night and the minute in UTC. */
export async function runsIn(stage: ServiceStage, nights: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const night of nights) {
    const { error, result } = await stage.call('nightly.get.v1', { night, limit: 1000 });
    if (error?.data.code === 'not_found') continue;
    for (const run of (result?.runs ?? []) as readonly BegunRun[]) {
      const minute = run.requestedAt.slice(0, 16);
      found.push(`${run.customerId}/${run.integrationId} ${night} ${minute}`);
    }
  }
  return found.toSorted();
}
