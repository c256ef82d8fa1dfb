import type { Host } from '../host.ts';
import { type SimulatedProvider, startProvider } from './simulated-provider.ts';

/** One district that has several systems, each of which knows the same people. */
export const severalSystems = {
  customerId: 'pine-hollow',
  name: 'Pine Hollow Schools',
  // Small: a learning platform is asked for every class, and vendors are asked no faster than they allow.
  students: 3,
  assignments: 8,
  seed: 3,
} as const;

/** What the district has; a vendor whose service is not there is left out. One with `grades` has its scores synced, both ways. */
const systems = [
  { vendor: 'oneroster', title: 'OneRoster 1.2', choices: { version: '1.2' }, use: 'rosters' },
  { vendor: 'clever', title: 'Clever', choices: {}, use: 'rosters' },
  { vendor: 'edlink', title: 'Edlink', choices: {}, use: 'rosters' },
  { vendor: 'canvas', title: 'Canvas', choices: {}, use: 'grades' },
] as const;

export type DemoSystem = (typeof systems)[number] & { readonly provider: SimulatedProvider };

/** Of the systems those whose vendor is among these services. */
export function systemsAmong(services: readonly string[]): readonly (typeof systems)[number][] {
  return systems.filter(({ vendor }) => services.includes(vendor));
}

export async function startSystem(
  host: Host,
  system: (typeof systems)[number],
  cleanup: AsyncDisposableStack,
): Promise<DemoSystem> {
  const { students, assignments, seed } = severalSystems;
  const choices = { ...system.choices, assignments: String(assignments) };
  const provider = await startProvider(host, { vendor: system.vendor, choices, students, seed });
  cleanup.defer(provider.stop);
  return { ...system, provider };
}
