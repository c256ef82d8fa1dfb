import { Badge, type Tone } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { Service } from './fleet.ts';

const tones: Readonly<Record<Service['state'], Tone>> = {
  ready: 'good',
  starting: 'calm',
  notReady: 'bad',
  unreachable: 'bad',
};
const words: Readonly<Record<Service['state'], string>> = {
  ready: 'ready',
  starting: 'starting',
  notReady: 'not ready',
  unreachable: 'unreachable',
};

/** Each service, whether it answers, and how its integrations are by their last run. */
export function ServiceTable({ services }: { readonly services: readonly Service[] }) {
  return (
    <DataTable
      caption="Services of the fleet"
      rows={services}
      keyOf={({ service }) => service}
      empty="There is none."
      columns={[
        { title: 'Service', cell: ({ title }) => <VendorText value={title} isVerbatim /> },
        {
          title: 'State',
          cell: ({ state, reason }) => (
            <>
              <Badge tone={tones[state]}>{words[state]}</Badge>{' '}
              {reason === null ? null : <VendorText value={reason} isVerbatim />}
            </>
          ),
        },
        { title: 'Integrations by last run', cell: ({ integrations }) => sayIntegrations(integrations) },
        { title: 'Version', cell: ({ version }) => version ?? 'not known' },
      ]}
    />
  );
}

function sayIntegrations(integrations: Service['integrations']): string {
  if (integrations === null) return 'has none of its own';
  const { total, paused, byLastRun } = integrations;
  if (total === 0) return 'none';
  const states = Object.entries(byLastRun).map(
    ([state, count]) => `${count} ${state === 'never' ? 'not run yet' : state}`,
  );
  return `${states.join(', ')}${paused === 0 ? '' : `; ${paused} paused`}`;
}
