import { factsOf, failureFacts } from '@flotilla/substrate/failure/codes';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Tone } from '../../parts/badge.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RunState } from '../../parts/run-state.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useMayChange } from '../../shell/use-session.ts';
import { type Integration, omissions } from './integration.ts';
import styles from './integration-page.module.css';

type Run = NonNullable<Integration['lastRun']>;

const verdicts: Readonly<Record<Run['state'], { readonly tone: Tone; readonly title: string }>> = {
  queued: { tone: 'calm', title: 'The last run waits for its turn' },
  running: { tone: 'calm', title: 'The last run is under way' },
  held: { tone: 'warn', title: 'A run waits for you: it would change more than the safety limits allow' },
  succeeded: { tone: 'good', title: 'All well: the last run went through' },
  unchanged: { tone: 'good', title: 'All well: the last run found nothing to change' },
  partial: { tone: 'warn', title: 'The last run left something out' },
  failed: { tone: 'bad', title: 'The last run failed' },
  rejected: {
    tone: 'warn',
    title: 'The last run was rejected, so it changed nothing, and no run has gone well since',
  },
  expired: {
    tone: 'warn',
    title: 'Nobody decided on the last run in time, so it changed nothing, and no run has gone well since',
  },
};

/** How an integration is, and what to do about it, before everything else. */
export function Standing({
  integration,
  actions,
}: {
  readonly integration: Integration;
  readonly actions: ReactNode;
}) {
  const { customerId, integrationId, lastRun, currentRun, openConflicts } = integration;
  const { tone, title } = judge(integration);
  return (
    <Callout tone={tone} title={title}>
      {lastRun === null ? null : <LastRun run={lastRun} />}
      {currentRun === null ? null : (
        <p>
          Now: <RunLink run={currentRun}>a run</RunLink> <RunState state={currentRun.state} />, asked for{' '}
          <Moment at={currentRun.requestedAt} />
        </p>
      )}
      {openConflicts === 0 ? null : (
        <p>
          <Link to="/customers/$customerId/conflicts" params={{ customerId }} search={{ integrationId }}>
            {sayCount(openConflicts, 'conflict')}
          </Link>{' '}
          {openConflicts === 1 ? 'waits' : 'wait'} for a decision; these records are held meanwhile.
        </p>
      )}
      <NextStart integration={integration} />
      {actions === null ? null : <div className={styles.buttons}>{actions}</div>}
    </Callout>
  );
}

function judge({ state, lastRun }: Integration): { readonly tone: Tone; readonly title: string } {
  const verdict =
    lastRun === null
      ? ({ tone: 'calm', title: 'No run has gone through yet: begin with a dry run below' } as const)
      : verdicts[lastRun.state];
  if (state !== 'paused') return verdict;
  const paused = 'Paused: no run starts until somebody resumes it';
  // What is amiss comes first.
  const isAmiss = verdict.tone === 'bad' || verdict.tone === 'warn';
  return isAmiss
    ? { tone: verdict.tone, title: `${verdict.title}. ${paused}` }
    : { tone: 'warn', title: paused };
}

function LastRun({ run }: { readonly run: Run }) {
  const { failure, finishedAt, heldSince, requestedAt, totals, state } = run;
  const mayChange = useMayChange();
  const changed = totals.created + totals.updated + totals.deleted;
  const pushed = totals.pushCreated + totals.pushUpdated + totals.pushDeleted;
  return (
    <>
      <p>
        <RunLink run={run}>{state === 'held' ? 'Look at what it would change' : 'Its report'}</RunLink>,{' '}
        <Moment at={finishedAt ?? heldSince ?? requestedAt} />
        {state === 'held'
          ? '. Nothing of it has been done yet.'
          : `: ${sayCount(changed, 'record')} changed on our side, ${pushed.toLocaleString()} at the vendor.`}
      </p>
      {failure === null ? null : (
        <>
          <p>
            <VendorText value={failure.message} />
          </p>
          <p>{adviceOn(failure.code)}</p>
          {mayChange && aboutConnection.includes(failure.code) ? (
            <p>
              <Link
                to="/customers/$customerId/connect"
                params={{ customerId: run.customerId }}
                search={{ integrationId: run.integrationId }}
              >
                Correct the connection or the credential
              </Link>
            </p>
          ) : null}
        </>
      )}
    </>
  );
}

/** Mended where a system is connected. */
const aboutConnection: readonly string[] = [
  'credentials_rejected',
  'config_invalid',
  'vendor_answer_invalid',
];

function RunLink({
  run,
  children,
}: {
  readonly run: Pick<Run, 'customerId' | 'runId'>;
  readonly children: string;
}) {
  const { customerId, runId } = run;
  return (
    <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
      {children}
    </Link>
  );
}

function NextStart({ integration: { nextStart, leftOut, state } }: { readonly integration: Integration }) {
  if (nextStart !== null) {
    return (
      <p>
        Next: <Moment at={nextStart} />
      </p>
    );
  }
  if (state === 'paused') return null;
  if (leftOut !== null) return <p>No night begins: {omissions[leftOut]}.</p>;
  return <p>Next: when the fleet's night is asked for; its customer has no schedule.</p>;
}

function adviceOn(code: string): string {
  const known = Object.keys(failureFacts).find((each) => each === code);
  return known === undefined ? '' : factsOf(known as keyof typeof failureFacts).advice;
}
