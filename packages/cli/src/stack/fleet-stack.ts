import { Option } from 'commander';
import type { FleetHome } from '../fleet/fleet-home.ts';
import type { Host } from '../host.ts';
import { useEmbeddedStack } from './embedded-stack.ts';

/** What a local fleet's services stand on. */
export interface FleetStack {
  /** For every service of the fleet. */
  readonly environment: Readonly<Record<string, string>>;
  /** All messages that were ever published. */
  countMessages(): number;
  stop(): Promise<void>;
}

export const stackNames = ['embedded', 'emulators'] as const;
export type StackName = (typeof stackNames)[number];

export function stackOption(): Option {
  return new Option(
    '--stack <name>',
    "what the services stand on: embedded databases and queues, or Google's emulators for Spanner and Pub/Sub with stand-ins for the rest",
  )
    .choices(stackNames)
    .default('embedded');
}

/** Fails with `unavailable`, saying how to get them, where the emulators are not on this machine. */
export async function startStack(name: StackName, host: Host, home: FleetHome): Promise<FleetStack> {
  if (name === 'embedded') return useEmbeddedStack(home);
  const { startEmulatorStack } = await import('./emulator-stack.ts');
  return await startEmulatorStack(host, home);
}
