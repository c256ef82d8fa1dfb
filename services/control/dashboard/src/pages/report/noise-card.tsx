import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { Report } from './run-facts.ts';

/** Fields that change in every run and say nothing, and how they are told no more. */
export function NoiseCard({ report }: { readonly report: Report }) {
  const { noise, customerId, integrationId } = report;
  if (noise.length === 0) return null;
  return (
    <section id="noise" tabIndex={-1}>
      <Card title="Noise">
        <p>
          These fields change in nearly every record that is updated, run after run. Where a change of them
          means nothing, declare them volatile: they are stored still, but a record in which nothing else
          changes counts as unchanged.
        </p>
        <DataTable
          caption="Fields that change every time"
          rows={noise}
          keyOf={({ entityType, pointer }) => `${entityType} ${pointer}`}
          empty=""
          columns={[
            { title: 'Entity type', cell: ({ entityType }) => entityType },
            { title: 'Field', cell: ({ pointer }) => <VendorText value={pointer} isVerbatim /> },
            { title: 'Runs in a row', isNumber: true, cell: ({ runs }) => runs },
            {
              title: 'Share of the updated records',
              isNumber: true,
              cell: ({ share }) =>
                `${(share * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`,
            },
            {
              title: 'To declare it',
              cell: ({ entityType }) => (
                <Link
                  to="/customers/$customerId/integrations/$integrationId/settings"
                  params={{ customerId, integrationId }}
                  search={{ entityType }}
                >
                  Settings of {entityType}
                </Link>
              ),
            },
          ]}
        />
        <details>
          <summary>What to write in the settings</summary>
          <pre>{JSON.stringify({ entityTypes: volatileSettings(noise) }, null, 2)}</pre>
        </details>
      </Card>
    </section>
  );
}

function volatileSettings(noise: Report['noise']): Readonly<Record<string, unknown>> {
  const entityTypes = [...new Set(noise.map(({ entityType }) => entityType))];
  return Object.fromEntries(
    entityTypes.map((entityType) => [
      entityType,
      {
        merge: {
          volatile: noise.filter((each) => each.entityType === entityType).map(({ pointer }) => pointer),
        },
      },
    ]),
  );
}
