import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { findWriteBarrier } from '../../parts/find-write-barrier.ts';
import { sayCount } from '../../parts/say-count.ts';
import { useAction, useCall } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import styles from './report.module.css';
import { type Counts, countChanges, countPushes, type Report } from './run-facts.ts';

/** Takes back what a run did, after it has said what that means; then shows the run that does it. */
export function RevertButton({ report }: { readonly report: Report }) {
  const { customerId, runId, totals } = report;
  const [isAsked, setIsAsked] = useState(false);
  const revert = useAction('runs.revert.v1');
  const navigate = useNavigate();

  async function confirm(reason: string | undefined): Promise<void> {
    try {
      const started = await revert.mutateAsync({
        customerId,
        runId,
        ...(reason === undefined ? {} : { reason }),
      });
      notify('The run that takes it back has been asked for.');
      await navigate({
        to: '/customers/$customerId/runs/$runId',
        params: { customerId, runId: started.runId },
      });
    } catch {
      // The dialog shows it.
    }
  }

  return (
    <>
      <Button
        kind="danger"
        onClick={() => {
          revert.reset();
          setIsAsked(true);
        }}
      >
        Take this run back …
      </Button>
      {isAsked ? (
        <ConfirmDialog
          title="Take back what this run did?"
          confirm="Take it back"
          isDanger
          reason="optional"
          isBusy={revert.isPending}
          error={revert.error}
          onConfirm={(reason) => void confirm(reason)}
          onCancel={() => setIsAsked(false)}
        >
          <p>A new run begins, and does this:</p>
          <ul className={styles.todo}>
            <li>On our side: {sayOurs(totals)}</li>
            <li>
              <Theirs report={report} />
            </li>
            <li>
              Where anybody has changed the same fields since, nothing at all is taken back, and its report
              names the records.
            </li>
          </ul>
          <p>
            Later runs keep it so, until the vendor changes the same fields again. It can be taken back in
            turn.
          </p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function sayOurs(totals: Counts): string {
  if (countChanges(totals) === 0) return 'nothing had changed there.';
  const parts = [
    totals.created > 0
      ? `${sayCount(totals.created, 'created record')} ${isAre(totals.created)} deleted`
      : '',
    totals.updated > 0
      ? `${sayCount(totals.updated, 'record')} ${getGets(totals.updated)} earlier values back`
      : '',
    totals.deleted > 0
      ? `${sayCount(totals.deleted, 'deleted record')} ${comeComes(totals.deleted)} back`
      : '',
  ].filter((part) => part !== '');
  return `${parts.join(', ')}.`;
}

function Theirs({ report }: { readonly report: Report }) {
  const { customerId, integrationId, vendor, totals, steps } = report;
  const sent = countPushes(totals) - totals.pushFailed;
  const integration = useCall('integrations.get.v1', { customerId, integrationId });
  const described = useCall('vendors.get.v1', { vendor });
  if (sent > 0) return saySent(sent);
  const settings = integration.data?.settings;
  const changed = steps.filter(({ counts }) => countChanges(counts) > 0).map((step) => step.entityType);
  if (settings === undefined || described.data === undefined || changed.length === 0)
    return 'At the vendor: the run has written nothing.';
  const offer = described.data;
  const isWritten = (entityType: string) => findWriteBarrier(settings, offer, entityType) === null;
  const written = changed.filter(isWritten);
  const kept = changed.filter((entityType) => !isWritten(entityType));
  const parts = [
    written.length === 0 ? '' : `what is taken back of ${written.join(', ')} is written there too.`,
    kept.length === 0
      ? ''
      : `nothing of ${kept.join(', ')} is written to this vendor; it stays different here until the vendor changes it.`,
  ];
  return `At the vendor: ${parts.filter((part) => part !== '').join(' But ')}`;
}

function saySent(sent: number): string {
  return `At the vendor: ${sayCount(sent, 'written record')} ${isAre(sent)} put back as ${sent === 1 ? 'it was' : 'they were'}; what was deleted there is created anew, under ids that the vendor gives.`;
}

const isAre = (count: number) => (count === 1 ? 'is' : 'are');
const getGets = (count: number) => (count === 1 ? 'gets its' : 'get their');
const comeComes = (count: number) => (count === 1 ? 'comes' : 'come');
