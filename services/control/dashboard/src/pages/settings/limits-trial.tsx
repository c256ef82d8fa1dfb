import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useEffect } from 'react';
import { Badge } from '../../parts/badge.tsx';
import { issuesOf } from '../../parts/issues.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorLine } from '../../parts/vendor-text.tsx';
import type { ParamsOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import type { DraftProps } from './draft.ts';
import { getAt } from './json-at.ts';
import { freedRuns, type LimitsTried, type PassedLimit, sayPassed, sayTried } from './say-limits.ts';
import styles from './settings-page.module.css';

interface LimitsTrialProps extends Pick<DraftProps, 'draft'> {
  readonly customerId: string;
  readonly integrationId: string;
  /** Told what control says against the limits, null where nothing. */
  readonly onError: (error: unknown) => void;
}

type Limits = ParamsOf<'settings.tryLimits.v1'>['limits'];

/** Which of the last runs the limits of the draft would have held; it follows them as they are typed. */
export function LimitsTrial({ draft, onError, ...scope }: LimitsTrialProps) {
  const chosen = getAt(draft, ['limits']);
  // What is typed goes first; the answer follows. Control says what is wrong with it.
  const limits = useDeferredValue(isJsonObject(chosen) ? (chosen as Limits) : {});
  const { data, error } = useCall('settings.tryLimits.v1', { ...scope, limits });
  useEffect(() => onError(error), [error, onError]);
  const isUnsound = issuesOf(error).length > 0;
  return (
    <section aria-label="The limits on the last runs" className={styles.trial}>
      <h3>What they would have held</h3>
      {error !== null && !isUnsound ? <LoadFailure error={error} /> : null}
      {data === undefined && error === null ? <Loading what="what became of the last runs" /> : null}
      <p role="status">
        {isUnsound ? 'Once the limits are sound, the last runs are judged by them.' : data && sayTried(data)}
      </p>
      {isUnsound || data === undefined ? null : <Runs {...scope} tried={data} />}
    </section>
  );
}

type Scope = Pick<LimitsTrialProps, 'customerId' | 'integrationId'>;

const shownRuns = 8;
const shownLimits = 4;

function Runs({ tried, ...scope }: Scope & { readonly tried: LimitsTried }) {
  const { held, exceeded, unknown } = tried;
  const runs = [...Map.groupBy(exceeded, ({ runId }) => runId).values()];
  const caught = runs.filter((passed) => passed.some((each) => each.held.tried));
  const freed = freedRuns(tried);
  const unclear = new Map(unknown.filter((each) => each.unclear.tried).map((each) => [each.runId, each]));
  return (
    <>
      <RunList {...scope} title="These would be held" runs={caught} all={held.tried} side="tried" />
      <RunList
        {...scope}
        title="These would not be held any more"
        runs={freed.runs}
        all={freed.count}
        side="stored"
      />
      {unclear.size === 0 ? null : (
        <>
          <p className={styles.soft}>
            Of these it cannot be said for every limit, since too little was counted when they came: how much
            they would change, or how large the schools were.
          </p>
          <ul className={styles.runs}>
            {[...unclear.values()].slice(0, shownRuns).map(({ runId, at, entityType }) => (
              <li key={runId}>
                <RunLink customerId={scope.customerId} runId={runId} at={at} />: {entityType}
              </li>
            ))}
          </ul>
          <More count={unclear.size - shownRuns} what="runs" />
        </>
      )}
    </>
  );
}

interface RunListProps extends Scope {
  readonly title: string;
  /** The limits that each of the runs passes. */
  readonly runs: readonly (readonly PassedLimit[])[];
  /** How many runs there are, were they all here. */
  readonly all?: number;
  readonly side: 'stored' | 'tried';
}

function RunList({ customerId, title, runs, all = runs.length, side }: RunListProps) {
  if (runs.length === 0) return null;
  return (
    <>
      <h4>{title}</h4>
      <ul className={styles.runs}>
        {runs.slice(0, shownRuns).map((passed) => {
          const [first] = passed;
          if (first === undefined) return null;
          const over = passed.filter(({ held }) => held[side]);
          return (
            <li key={first.runId}>
              <RunLink customerId={customerId} runId={first.runId} at={first.at} />{' '}
              {first.wasHeld ? <Badge tone="warn">was held</Badge> : <Badge tone="calm">was not held</Badge>}
              <ul className={styles.runs}>
                {over.slice(0, shownLimits).map((each) => (
                  <li key={[each.entityType, each.direction, each.action, each.school].join(' ')}>
                    {each.school === undefined ? null : (
                      <>
                        School <VendorLine text={each.school} />:{' '}
                      </>
                    )}
                    {sayPassed(each)}
                  </li>
                ))}
              </ul>
              <More count={over.length - shownLimits} what="limits" />
            </li>
          );
        })}
      </ul>
      <More count={all - Math.min(runs.length, shownRuns)} what="runs" />
    </>
  );
}

function RunLink({ customerId, runId, at }: { customerId: string; runId: string; at: string }) {
  return (
    <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
      <Moment at={at} />
    </Link>
  );
}

function More({ count, what }: { readonly count: number; readonly what: string }) {
  return count > 0 ? (
    <p className={styles.soft}>
      And {count.toLocaleString()} more {what}.
    </p>
  ) : null;
}
