import { Link } from '@tanstack/react-router';
import { DataTable } from './data-table.tsx';
import { VendorText } from './vendor-text.tsx';

/** A safety limit that more would go beyond than it allows. */
export interface ExceededLimit {
  readonly entityType: string;
  readonly direction: 'toOurs' | 'toTheirs';
  readonly action: 'create' | 'update' | 'delete';
  readonly school?: string | undefined;
  readonly planned: number;
  readonly allowed: number;
  readonly stored: number;
}

interface ExceededLimitsProps {
  readonly run: { readonly customerId: string; readonly integrationId: string };
  readonly limits: readonly ExceededLimit[];
}

/** Why a run is held, in numbers; and where more is allowed, should that be right. */
export function ExceededLimits({ run: { customerId, integrationId }, limits }: ExceededLimitsProps) {
  return (
    <>
      <LimitsTable limits={limits} />
      <p>
        Where so much is right for once, approving lets it through. Where it comes again,{' '}
        <Link
          to="/customers/$customerId/integrations/$integrationId/settings"
          params={{ customerId, integrationId }}
          hash="limits"
        >
          the safety limits
        </Link>{' '}
        say how much later runs may change.
      </p>
    </>
  );
}

function LimitsTable({ limits }: Pick<ExceededLimitsProps, 'limits'>) {
  const isPerSchool = limits.some(({ school }) => school !== undefined);
  return (
    <DataTable
      caption="Safety limits that more would go beyond than they allow"
      rows={limits}
      keyOf={({ entityType, direction, action, school }) => [entityType, direction, action, school].join(' ')}
      empty="No limit is exceeded."
      columns={[
        { title: 'Entity type', cell: ({ entityType }) => entityType },
        {
          title: 'What would happen',
          cell: ({ action, direction }) => `${verbs[action]} ${sides[direction]}`,
        },
        ...(isPerSchool
          ? [
              {
                title: 'School',
                cell: ({ school }: ExceededLimit) => <VendorText value={school} absent="all" isVerbatim />,
              },
            ]
          : []),
        { title: 'Records', isNumber: true, cell: ({ planned }) => planned.toLocaleString() },
        { title: 'Allowed', isNumber: true, cell: ({ allowed }) => allowed.toLocaleString() },
        { title: 'Of', isNumber: true, cell: ({ stored }) => stored.toLocaleString() },
      ]}
    />
  );
}

export const verbs = { create: 'created', update: 'updated', delete: 'deleted' } as const;
export const sides = { toOurs: 'on our side', toTheirs: 'at the vendor' } as const;
