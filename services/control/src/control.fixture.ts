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

/** Asks for a night and delivers its fan-out, as the queue would. */
export async function runNight(stage: ServiceStage, night: string): Promise<void> {
  await stage.result('nightly.run.v1', { night });
  await stage.deliver(fanOutTaskOf(stage, night));
}

export function fanOutTaskOf(stage: ServiceStage, night: string) {
  const task = stage.enqueued.find(({ name }) => name === `fan-out-${night}`);
  if (task === undefined) throw new Error(`No fan-out of ${night} was queued`);
  return task;
}
