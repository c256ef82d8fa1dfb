import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { CustomerLink } from '../../parts/customer-link.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Moment } from '../../parts/moment.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ParamsOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import type { Night } from './night.ts';

interface LeftOutProps {
  readonly night: string;
  /** The page's own answer, with the first of them. */
  readonly first: Night;
  readonly limit: number;
}

/** Integrations that have no run, and why. */
export function LeftOut({ night, first, limit }: LeftOutProps) {
  const [after, setAfter] = useState<ParamsOf<'nightly.get.v1'>['afterLeftOut']>();
  const later = useCall(
    'nightly.get.v1',
    { night, limit, ...(after === undefined ? {} : { afterLeftOut: after }) },
    { isWanted: after !== undefined },
  );
  const count = Object.values(first.tally.leftOut).reduce((sum, each) => sum + each, 0);
  if (count === 0) return null;
  const { leftOut, nextLeftOut } = after === undefined ? first : (later.data ?? first);
  return (
    <Card title={`Left out (${count.toLocaleString()})`}>
      <p>
        {Object.entries(first.tally.leftOut)
          .map(([reason, each]) => `${sayCount(each, 'start')}: ${reasons[reason]?.why ?? reason}`)
          .join('; ')}
        .
      </p>
      {later.error === null ? null : <LoadFailure error={later.error} />}
      <DataTable
        caption="Integrations without a run in this night"
        rows={leftOut}
        keyOf={({ customerId, integrationId, at }) => `${customerId} ${integrationId} ${at}`}
        empty="That was the last."
        columns={[
          {
            title: 'Customer',
            cell: ({ customerId, customerName }) => (
              <CustomerLink customerId={customerId} customerName={customerName} />
            ),
          },
          {
            title: 'Integration',
            cell: ({ customerId, integrationId }) => (
              <Link
                to="/customers/$customerId/integrations/$integrationId"
                params={{ customerId, integrationId }}
              >
                {integrationId}
              </Link>
            ),
          },
          {
            title: 'Would have begun',
            cell: ({ at }) => <Moment at={at} absent="when the night was asked for" />,
          },
          {
            title: 'Why not',
            cell: ({ reason, note }) => (
              <>
                {reasons[reason]?.why ?? reason}
                {note === null ? null : (
                  <>
                    {': '}
                    <VendorText value={note} isVerbatim />
                  </>
                )}
              </>
            ),
          },
          { title: 'What to do', cell: ({ reason }) => reasons[reason]?.advice ?? '' },
        ]}
      />
      {nextLeftOut === null ? null : (
        <p>
          <Button isBusy={later.isPlaceholderData} onClick={() => setAfter(nextLeftOut)}>
            Show the next
          </Button>
        </p>
      )}
    </Card>
  );
}

const reasons: Readonly<Record<string, { readonly why: string; readonly advice: string }>> = {
  paused: { why: 'paused', advice: 'Nothing, or let it go on at the integration.' },
  vendor_not_deployed: {
    why: "the vendor's service is not part of this fleet",
    advice: 'Whoever runs this fleet starts it, or pauses the integration.',
  },
  blackout: {
    why: 'blackout date',
    advice: 'Nothing: somebody wanted it so. It is changed at the customer.',
  },
  no_occurrence: { why: 'its schedule does not come on this date', advice: 'Nothing.' },
  schedule_invalid: { why: 'its schedule cannot be read', advice: 'Correct the schedule at the customer.' },
};
