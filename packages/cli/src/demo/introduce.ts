import { Failure } from '@flotilla/substrate/failure';
import { connectCustomer } from '../fleet/connect-customer.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { formatCount } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import type { DemoDistrict } from './demo-fleet.ts';
import { severalSystems } from './demo-systems.ts';
import type { Stage } from './stage.ts';

/** Shows every process that runs. */
export function tellProcesses({ host, narrator, demo }: Stage): void {
  const about: Readonly<Record<string, string>> = {
    control: 'customers, credentials, the nightly fan-out, runs and reports',
    warehouse: 'takes changes from the bus into the warehouse',
  };
  const { colors } = host.terminal;
  const rows = [
    ...Object.entries(demo.running.services).map(
      ([name, { url, pid }]) =>
        [name, url, pid, about[name] ?? 'syncs every customer that uses this vendor'] as const,
    ),
    ...demo.districts.map(
      ({ customerId, version, auth, provider: { baseUrl, pid, records } }) =>
        [
          customerId,
          baseUrl,
          pid,
          `simulated OneRoster ${version} provider, ${authNames[auth]}, ${formatCount(records)} records`,
        ] as const,
    ),
    ...demo.systems.map(
      ({ title, provider: { baseUrl, pid, records } }) =>
        [
          severalSystems.customerId,
          baseUrl,
          pid,
          `simulated ${title}, ${formatCount(records)} records`,
        ] as const,
    ),
  ];
  narrator.tell(
    renderTable(
      [{ title: 'process' }, { title: 'address' }, { title: 'pid', align: 'right' }, { title: 'what it is' }],
      rows.map(([name, url, pid, what]) => [colors.bold(name), url, String(pid), what]),
      colors,
    ),
  );
}

const authNames = { oauth1: 'OAuth 1', oauth2: 'OAuth 2' } as const;

/** Connects a district to its provider. Fails when the connection does not work. */
export async function connectDistrict(
  { narrator }: Stage,
  fleet: Fleet,
  { customerId, name, version, auth, provider }: DemoDistrict,
): Promise<void> {
  const { check } = await connectCustomer(fleet, {
    customerId,
    name,
    vendor: 'oneroster',
    integrationId: undefined,
    timeZone: 'America/Chicago',
    connection: { baseUrl: provider.baseUrl, version },
    credential: provider.credential,
  });
  if (!check.ok)
    throw new Failure('internal', 'A simulated provider refuses us', { data: { customerId, ...check } });
  narrator.confirm(
    `${name}: OneRoster ${version}, signed in with ${authNames[auth]}; the credential is stored encrypted`,
  );
}
