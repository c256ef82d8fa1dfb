import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { useAction } from '../../rpc/use-call.ts';
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
            <li>{sayTheirs(totals)}</li>
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

function sayTheirs(totals: Counts): string {
  const sent = countPushes(totals) - totals.pushFailed;
  if (sent === 0) {
    return 'At the vendor: what was taken back here is written there too, for entity types that are written back.';
  }
  return `At the vendor: ${sayCount(sent, 'written record')} ${isAre(sent)} put back as ${sent === 1 ? 'it was' : 'they were'}; what was deleted there is created anew, under ids that the vendor gives.`;
}

const isAre = (count: number) => (count === 1 ? 'is' : 'are');
const getGets = (count: number) => (count === 1 ? 'gets its' : 'get their');
const comeComes = (count: number) => (count === 1 ? 'comes' : 'come');
