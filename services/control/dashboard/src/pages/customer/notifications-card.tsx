import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import styles from './customer-page.module.css';
import { LatestMails } from './latest-mails.tsx';
import { modes } from './notification-modes.ts';
import { NotificationsForm } from './notifications-form.tsx';
import { TestMail } from './test-mail.tsx';

interface NotificationsCardProps {
  readonly customerId: string;
  readonly mayChange: boolean;
}

/** Who is told by e-mail, of what and when. */
export function NotificationsCard({ customerId, mayChange }: NotificationsCardProps) {
  const [isEdited, setIsEdited] = useState(false);
  const { data, error, refetch } = useCall('notifications.get.v1', { customerId });
  return (
    <Card
      title="Notifications by e-mail"
      actions={
        mayChange && data !== undefined && !isEdited ? (
          <Button onClick={() => setIsEdited(true)}>Change who is told</Button>
        ) : null
      }
    >
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <Loading what="who is told" /> : null}
      {data === undefined ? null : isEdited ? (
        <NotificationsForm customerId={customerId} stored={data} onDone={() => setIsEdited(false)} />
      ) : (
        <Told customerId={customerId} notifications={data} mayChange={mayChange} />
      )}
    </Card>
  );
}

function Told({
  customerId,
  notifications: { recipients, digestAt, nextDigestAt, timeZone, mail, notices },
  mayChange,
}: NotificationsCardProps & { readonly notifications: ResultOf<'notifications.get.v1'> }) {
  return (
    <>
      {mail === null ? (
        <Callout tone="warn" title="This fleet sends no mail">
          <p>
            Nobody has told it by which server. Whoever runs it sets FLOTILLA_SMTP_URL and FLOTILLA_MAIL_FROM.
          </p>
        </Callout>
      ) : null}
      <DataTable
        caption="Who is told"
        rows={recipients}
        keyOf={({ address }) => address}
        empty="Nobody is told anything by e-mail yet."
        columns={[
          { title: 'Address', cell: ({ address }) => <VendorText value={address} /> },
          { title: 'Is told', cell: ({ mode }) => modes[mode].says },
          ...(mayChange && mail !== null
            ? [
                {
                  title: 'Try it',
                  cell: ({ address }: { readonly address: string }) => (
                    <TestMail customerId={customerId} address={address} />
                  ),
                },
              ]
            : []),
        ]}
      />
      {nextDigestAt === null ? null : (
        <p>
          The digest is sent at {digestAt} ({timeZone}); next: <Moment at={nextDigestAt} />.
        </p>
      )}
      {notices.length === 0 ? null : (
        <details>
          <summary className={styles.summary}>The latest mails, and whether they went out</summary>
          <LatestMails customerId={customerId} notices={notices} />
        </details>
      )}
    </>
  );
}
