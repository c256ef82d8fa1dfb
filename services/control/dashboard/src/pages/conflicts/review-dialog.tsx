import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Tick } from '../../parts/field.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useAction, useCall } from '../../rpc/use-call.ts';
import type { Decision, Foretold } from './conflict.ts';
import styles from './conflict-dialog.module.css';
import { type Draft, type Drafts, forget } from './drafts.ts';
import { Forecast } from './forecast.tsx';
import { StaleDecisions, staleAmong } from './stale-decisions.tsx';

export type Resolved = ResultOf<'conflicts.resolve.v1'>;

interface ReviewDialogProps {
  readonly customerId: string;
  readonly drafts: Drafts;
  readonly onDecided: (resolved: Resolved) => void;
  readonly onClose: () => void;
}

/** What all that is chosen would do on either side, before it is done. */
export function ReviewDialog({ customerId, drafts, onDecided, onClose }: ReviewDialogProps) {
  const [reason, setReason] = useState('');
  const [isMergedAtOnce, setMergedAtOnce] = useState(true);
  const chosen = [...drafts.values()];
  const params = { customerId, decisions: chosen.map(toDecision) };
  const resolve = useAction('conflicts.resolve.v1');
  // Once it is decided, what was seen is no more, and asking would fail.
  const isWanted = chosen.length > 0 && (resolve.isIdle || resolve.isError);
  const forecast = useCall('conflicts.resolve.v1', { ...params, dryRun: true }, { isWanted });
  const error = resolve.error ?? forecast.error;
  const stale = staleAmong(error).filter(({ conflictId }) => drafts.has(conflictId));
  const faults = faultsById(chosen, error);

  function decide(): void {
    const said = reason.trim();
    resolve.mutate(
      { ...params, apply: isMergedAtOnce, ...(said === '' ? {} : { reason: said }) },
      {
        onSuccess: (resolved) => {
          forget(customerId, drafts.keys());
          onDecided(resolved);
        },
      },
    );
  }

  function leaveOut(conflictIds: readonly string[]): void {
    resolve.reset();
    forget(customerId, conflictIds);
    if (conflictIds.length === chosen.length) onClose();
  }

  return (
    <Dialog isWide onClose={onClose} title={`Decide ${sayConflicts(chosen.length)}?`}>
      {stale.length > 0 ? <StaleDecisions stale={stale} drafts={chosen} onForget={leaveOut} /> : null}
      {error !== null && stale.length === 0 && faults.size === 0 ? <LoadFailure error={error} /> : null}
      {forecast.isPending ? <Loading what="what this does" /> : null}
      <Forecast
        drafts={chosen}
        foretold={forecast.data?.foretold}
        faults={faults}
        onForget={({ conflict }) => leaveOut([conflict.conflictId])}
      />
      <Waiting foretold={forecast.data?.foretold ?? []} />
      <Field label="Reason (may be left out)" hint="It stands in the audit log.">
        {(control) => (
          <textarea
            {...control}
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
      <Tick
        label="Merge at once"
        hint="A run merges these records now, where the vendor shows single records; else the next whole run does."
        isChecked={isMergedAtOnce}
        onChange={setMergedAtOnce}
      />
      <p className={styles.end}>
        <Button onClick={onClose}>Not yet</Button>
        <Button
          kind="main"
          isBusy={resolve.isPending}
          disabled={stale.length > 0 || faults.size > 0 || forecast.isPending}
          onClick={decide}
        >
          Decide {sayConflicts(chosen.length)}
        </Button>
      </p>
    </Dialog>
  );
}

/** Records of which a part is still open. */
function Waiting({ foretold }: { readonly foretold: readonly Foretold[] }) {
  const waiting = foretold.filter(({ waitsFor }) => waitsFor > 0).length;
  if (waiting === 0) return null;
  return (
    <p>
      {sayCount(waiting, foretold.length)} further open conflicts: nothing of such a record is merged before
      all of its conflicts are decided.
    </p>
  );
}

function sayCount(waiting: number, all: number): string {
  if (all === 1) return 'Its record has';
  return waiting === 1 ? 'The record of one of these has' : `The records of ${waiting} of these have`;
}

export function sayConflicts(count: number): string {
  return count === 1 ? 'one conflict' : `${count} conflicts`;
}

/** With the version that was seen: what somebody else has decided meanwhile is not replaced unseen. */
function toDecision({ conflict: { conflictId, inputs, version }, choice }: Draft): Decision {
  return { conflictId, inputs, choice, ifVersion: version };
}

function faultsById(drafts: readonly Draft[], error: unknown): ReadonlyMap<string, string> {
  const issues = issuesOf(error);
  return new Map(
    drafts.flatMap(({ conflict }, index) => {
      const fault = faultAt(issues, `/decisions/${index}`);
      return fault === undefined ? [] : [[conflict.conflictId, fault] as const];
    }),
  );
}
