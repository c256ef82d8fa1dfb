import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import styles from './customer-page.module.css';
import type { Notifications } from './notification-modes.ts';

type Notice = Notifications['notices'][number];
type Delivery = Notice['deliveries'][number];

interface LatestMailsProps {
  readonly customerId: string;
  readonly notices: readonly Notice[];
}

const tones: Readonly<Record<Delivery['state'], Tone>> = { waiting: 'calm', sent: 'good', refused: 'bad' };

/** What became of the latest mails. */
export function LatestMails({ customerId, notices }: LatestMailsProps) {
  return (
    <DataTable
      caption="The latest mails"
      rows={notices}
      keyOf={({ noticeId }) => noticeId}
      empty="None yet."
      columns={[
        { title: 'When', cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { title: 'What', cell: ({ kind }) => kind },
        {
          title: 'Runs',
          cell: ({ runIds }) => (
            <ul className={styles.starts}>
              {runIds.map((runId) => (
                <li key={runId}>
                  <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
                    {runId.slice(0, 8)}
                  </Link>
                </li>
              ))}
            </ul>
          ),
        },
        {
          title: 'To',
          cell: ({ deliveries, nextTryAt }) => (
            <ul className={styles.starts}>
              {deliveries.map((delivery) => (
                <DeliveryItem key={delivery.address} delivery={delivery} nextTryAt={nextTryAt} />
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}

function DeliveryItem({
  delivery: { address, state, failure },
  nextTryAt,
}: {
  readonly delivery: Delivery;
  readonly nextTryAt: string | null;
}) {
  return (
    <li>
      <VendorText value={address} /> <Badge tone={tones[state]}>{state}</Badge>
      {failure === null ? null : (
        <>
          {' '}
          <VendorText value={failure.message} />
        </>
      )}
      {state === 'waiting' && nextTryAt !== null ? (
        <>
          {' '}
          next try <Moment at={nextTryAt} />
        </>
      ) : null}
    </li>
  );
}
