import { isFailure } from '@flotilla/substrate/failure';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { ChangedMeanwhile } from '../../parts/changed-meanwhile.tsx';
import { issuesOf } from '../../parts/issues.ts';
import { LastChange } from '../../parts/last-change.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { newerVersion } from '../../parts/newer-version.ts';
import { sayCron } from '../../parts/say-cron.ts';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import styles from './customer-page.module.css';
import { type Customer, toDraft, toSchedule } from './schedule-draft.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { SchedulePreview } from './schedule-preview.tsx';

interface ScheduleCardProps {
  readonly customer: Customer;
  readonly mayChange: boolean;
}

/** When a customer's nights begin, what follows from that, and a form to change it. */
export function ScheduleCard({ customer, mayChange }: ScheduleCardProps) {
  const [isEdited, setIsEdited] = useState(false);
  const { schedule, timeZone } = customer;
  const said = schedule === null ? "When the fleet's night is asked for" : sayCron(schedule.cron);
  return (
    <Card
      title="Schedule"
      actions={
        mayChange && !isEdited ? <Button onClick={() => setIsEdited(true)}>Change the schedule</Button> : null
      }
    >
      {isEdited ? (
        <ScheduleEditor customer={customer} onDone={() => setIsEdited(false)} />
      ) : (
        <>
          <p>
            {said}, on the clock of {timeZone}
            {schedule === null || schedule.jitterMinutes === 0
              ? ''
              : `, spread over ${schedule.jitterMinutes} minutes`}
            .
          </p>
          <SchedulePreview customerId={customer.customerId} />
        </>
      )}
    </Card>
  );
}

function ScheduleEditor({ customer, onDone }: { readonly customer: Customer; readonly onDone: () => void }) {
  const { customerId } = customer;
  const [draft, setDraft] = useState(() => toDraft(customer));
  const [seen] = useState(customer.scheduleVersion);
  const put = useAction('customers.put.v1');
  const newer = newerVersion({
    seen,
    stored: customer.scheduleVersion,
    error: put.error,
    sending: put.isPending ? put.variables?.ifScheduleVersion : undefined,
  });
  // What is typed goes first; the preview follows.
  const shown = useDeferredValue(draft);
  const [previewError, setPreviewError] = useState<unknown>(null);
  const issues = [...issuesOf(put.error), ...issuesOf(previewError)];

  function submit(event: FormEvent) {
    event.preventDefault();
    save(seen);
  }

  function save(ifScheduleVersion: number) {
    put.mutate(
      { customerId, timeZone: draft.timeZone, schedule: toSchedule(draft), ifScheduleVersion },
      {
        onSuccess() {
          notify('The schedule was saved.');
          onDone();
        },
      },
    );
  }

  return (
    <>
      <form onSubmit={submit} className={styles.form}>
        <ScheduleForm draft={draft} issues={issues} onChange={setDraft} />
        <SchedulePreview
          customerId={customerId}
          unsaved={{ schedule: toSchedule(shown), timeZone: shown.timeZone }}
          onError={setPreviewError}
        />
        {put.error === null || issues.length > 0 || isFailure(put.error, 'stale_version') ? null : (
          <LoadFailure error={put.error} />
        )}
        <div className={styles.buttons}>
          <Button type="submit" kind="main" isBusy={put.isPending}>
            Save the schedule
          </Button>
          <Button onClick={onDone}>Cancel</Button>
        </div>
      </form>
      {newer === undefined ? null : (
        <ChangedMeanwhile
          what="the schedule"
          isBusy={put.isPending}
          onShow={onDone}
          onSave={() => save(newer)}
        >
          <LastChange customerId={customerId} matter="customers" isOfIt={(pointer) => pointer !== '/name'} />
        </ChangedMeanwhile>
      )}
    </>
  );
}
