import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { DataTable } from '../../parts/data-table.tsx';
import { issuesOf } from '../../parts/issues.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import styles from './customer-page.module.css';
import type { Schedule } from './schedule-draft.ts';

interface SchedulePreviewProps {
  readonly customerId: string;
  /** What is being entered; left out: what is saved. */
  readonly unsaved?: { readonly schedule: Schedule | null; readonly timeZone: string };
  /** Told what control says against it, null where nothing. */
  readonly onError?: (error: unknown) => void;
}

type Preview = ResultOf<'schedule.preview.v1'>;

/** The next starts of each integration, and the blackouts among them. */
export function SchedulePreview({ customerId, unsaved, onError }: SchedulePreviewProps) {
  const isNone = unsaved?.schedule === null;
  const { data, error } = useCall(
    'schedule.preview.v1',
    {
      customerId,
      count: 3,
      ...(unsaved === undefined || unsaved.schedule === null
        ? {}
        : { schedule: unsaved.schedule, timeZone: unsaved.timeZone }),
    },
    { isWanted: !isNone },
  );
  useEffect(() => onError?.(isNone ? null : error), [error, isNone, onError]);

  if (isNone)
    return <p className={styles.soft}>It begins when somebody or a scheduler asks for the night.</p>;
  // At the field it says more than here.
  if (error !== null && (onError === undefined || issuesOf(error).length === 0))
    return <LoadFailure error={error} />;
  if (data === undefined) return error === null ? <Loading what="the next starts" /> : null;
  return <Starts customerId={customerId} preview={data} isStale={error !== null} />;
}

function Starts({
  customerId,
  preview: { schedule, integrations, blackouts },
  isStale,
}: {
  readonly customerId: string;
  readonly preview: Preview;
  readonly isStale: boolean;
}) {
  if (schedule === null) return null;
  return (
    <section aria-label="The next starts" className={isStale ? styles.stale : undefined}>
      <DataTable
        caption="The next starts of each integration"
        rows={integrations}
        keyOf={({ integrationId }) => integrationId}
        empty="No integration is connected, so nothing begins."
        columns={[
          {
            title: 'Integration',
            cell: ({ integrationId }) => (
              <Link
                to="/customers/$customerId/integrations/$integrationId"
                params={{ customerId, integrationId }}
              >
                {integrationId}
              </Link>
            ),
          },
          {
            title: 'Next starts there',
            cell: ({ leftOut, starts }) =>
              leftOut === null ? (
                <ul className={styles.starts}>
                  {starts.map(({ startsAt, local }) => (
                    <li key={startsAt} className={styles.start}>
                      {sayLocal(local)}
                    </li>
                  ))}
                </ul>
              ) : (
                sayOmission(leftOut)
              ),
          },
          {
            title: 'The first, for you',
            cell: ({ starts }) => <Moment at={starts[0]?.startsAt ?? null} absent="" />,
          },
        ]}
      />
      {blackouts.length === 0 ? null : (
        <p>
          Left out:{' '}
          {blackouts.map(({ from, to, note }, index) => (
            <span key={from + to}>
              {index === 0 ? '' : '; '}
              {from === to ? from : `${from} to ${to}`}
              {note === null ? null : (
                <>
                  {' '}
                  (<VendorText value={note} />)
                </>
              )}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

const omissions: Readonly<Record<NonNullable<Preview['integrations'][number]['leftOut']>, string>> = {
  paused: 'None: it is paused, and nothing begins until somebody resumes it',
  vendor_not_deployed: 'None: the fleet runs no service of its vendor',
  blackout: 'None: blackout dates leave out every night to come',
  no_occurrence: 'None: the schedule does not come again',
  schedule_invalid: 'None: the schedule is not sound any more; change it',
};

function sayOmission(reason: keyof typeof omissions): string {
  return omissions[reason];
}

/** `2026-03-29T03:00:00+02:00`, as a wall clock there shows it. */
function sayLocal(local: string): string {
  const [date = '', time = ''] = local.split('T');
  const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' });
  return `${weekday.format(new Date(date))} ${date}, ${time.slice(0, 5)}`;
}
