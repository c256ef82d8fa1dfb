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

/** Why a run is held, in numbers. */
export function ExceededLimits({ limits }: { readonly limits: readonly ExceededLimit[] }) {
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
