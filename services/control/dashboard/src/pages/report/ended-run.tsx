import { useState } from 'react';
import { DecideRun } from '../../parts/decide-run.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useCall } from '../../rpc/use-call.ts';
import { useMayChange } from '../../shell/use-session.ts';
import { ChangesCard } from './changes-card.tsx';
import { ConflictsCard } from './conflicts-card.tsx';
import { NoiseCard } from './noise-card.tsx';
import { PlannedCard } from './planned-card.tsx';
import { ProblemsCard } from './problems-card.tsx';
import { PushesCard } from './pushes-card.tsx';
import styles from './report.module.css';
import { RevertButton } from './revert-button.tsx';
import {
  amounts,
  anchorGroups,
  countChanges,
  countPushes,
  isRevertible,
  type Report,
  type RunDetail,
  reportParams,
} from './run-facts.ts';
import { RunFacts } from './run-facts-card.tsx';
import { StepsCard } from './steps-card.tsx';
import { TakenBack } from './taken-back.tsx';
import { Verdict } from './verdict.tsx';

/** The report of a run that has ended, or is held: verdict, what to do, problems, steps, changes. */
export function EndedRun({ run }: { readonly run: RunDetail }) {
  const [changes, setChanges] = useState<number>(amounts[0]);
  const [problemsWanted, setProblemsWanted] = useState<number>(amounts[0]);
  const params = reportParams(run, { changes, problems: problemsWanted });
  const { data: report, error, refetch, isPlaceholderData } = useCall('runs.report.v1', params);

  if (error !== null) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  // One that was asked for before the run went on tells of another state.
  if (report === undefined || report.state !== run.state) return <Loading what="the report" />;
  // The limits of a held run stand with its plan.
  const problems = report.problems.filter(({ code }) => code !== 'limit_exceeded' || run.state !== 'held');
  const groups = anchorGroups(problems);
  const more = nextAmount(changes, setChanges);
  return (
    <>
      <Verdict report={report} groups={groups}>
        <TakenBack report={report} />
        <Actions run={run} report={report} />
      </Verdict>
      <RunFacts run={run} report={report} />
      <ConflictsCard report={report} />
      <ProblemsCard
        report={report}
        groups={groups}
        onMore={nextAmount(problemsWanted, setProblemsWanted)}
        isBusy={isPlaceholderData}
      />
      <PlannedCard run={run} />
      <StepsCard report={report} />
      <ChangesCard report={report} />
      <PushesCard report={report} onMore={more} isBusy={isPlaceholderData} />
      <NoiseCard report={report} />
    </>
  );
}

function Actions({ run, report }: { readonly run: RunDetail; readonly report: Report }) {
  const mayChange = useMayChange();
  const { customerId, runId, state, heldSince } = run;
  if (state === 'held') {
    return (
      <div className={styles.more}>
        {mayChange ? (
          <DecideRun customerId={customerId} runId={runId} heldSince={heldSince} />
        ) : (
          <span>Somebody with the role admin can approve or reject it.</span>
        )}
      </div>
    );
  }
  const { totals, takenBack } = report;
  // Nothing of it is left to be taken back, or somebody has asked for it.
  if (takenBack?.extent === 'whole' || takenBack?.extent === 'pending') return null;
  // What the vendor refused was never there.
  const done = countChanges(totals) + countPushes(totals) - totals.pushFailed;
  if (!mayChange || !isRevertible(report) || done === 0) return null;
  return (
    <div className={styles.more}>
      <RevertButton report={report} />
    </div>
  );
}

/** Asks for the next larger amount; undefined at the largest. */
function nextAmount(now: number, set: (amount: number) => void): (() => void) | undefined {
  const next = amounts.find((amount) => amount > now);
  return next === undefined ? undefined : () => set(next);
}
