import { useState } from 'react';
import { useAction, useCall } from '../rpc/use-call.ts';
import { notify } from '../shell/notices.tsx';
import { Button } from './button.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Moment } from './moment.tsx';
import { sayPlan } from './say-plan.ts';

interface DecideRunProps {
  readonly customerId: string;
  readonly runId: string;
  /** As it was shown: where the run is held anew for other reasons, the decision is refused. */
  readonly heldSince: string | null;
  readonly onDecided?: () => void;
}

/** Approve and reject, each of which asks once and says what will happen. */
export function DecideRun({ customerId, runId, heldSince, onDecided }: DecideRunProps) {
  const [asked, setAsked] = useState<'approve' | 'reject'>();
  const approve = useAction('runs.approve.v1');
  const reject = useAction('runs.reject.v1');
  // The page around it has asked for the same: this is no further call.
  const { data: run } = useCall('runs.get.v1', { customerId, runId });
  const plan = run?.entityTypes ?? [];
  const takesAway = plan.some(
    ({ plan: of }) => of !== null && of.counts.toOurs.delete + of.counts.toTheirs.delete > 0,
  );
  const { isPending, error, reset } = asked === 'approve' ? approve : reject;

  async function decide(reason: string | undefined): Promise<void> {
    const verdict = { customerId, runId, ...(heldSince === null ? {} : { heldSince }) };
    try {
      if (asked === 'approve')
        await approve.mutateAsync(reason === undefined ? verdict : { ...verdict, reason });
      // A reason that is but blanks is none, and refused as such.
      else await reject.mutateAsync({ ...verdict, reason: reason ?? '' });
    } catch {
      // The dialog shows it.
      return;
    }
    // By now the page knows that the run is no longer held, and has taken these buttons away.
    notify(asked === 'approve' ? 'Approved. The run goes on.' : 'Rejected. Nothing was changed.');
    setAsked(undefined);
    onDecided?.();
  }

  function open(question: 'approve' | 'reject') {
    reset();
    setAsked(question);
  }

  return (
    <>
      <Button onClick={() => open('approve')}>Approve …</Button>
      <Button onClick={() => open('reject')}>Reject …</Button>
      {asked === undefined ? null : (
        <ConfirmDialog
          title={asked === 'approve' ? 'Let this run go on?' : 'End this run?'}
          confirm={asked === 'approve' ? 'Approve' : 'Reject'}
          isDanger={asked === 'approve' && takesAway}
          reason={asked === 'approve' ? 'optional' : 'required'}
          isBusy={isPending}
          error={error}
          onConfirm={(reason) => void decide(reason)}
          onCancel={() => setAsked(undefined)}
        >
          {asked === 'approve' ? (
            <>
              <p>All that it would change is carried out:</p>
              <ul>
                {sayPlan(plan).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
              <p>What is approved are these numbers: should it be more by then, it is held again.</p>
              <p>It can be taken back afterwards, from its report.</p>
            </>
          ) : (
            <p>Nothing of it is carried out. The next run looks anew, and may be held for the same.</p>
          )}
          <p>
            Your name and reason stand in the audit log and in the report.
            {heldSince === null ? null : (
              <>
                {' '}
                Held since <Moment at={heldSince} />.
              </>
            )}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
