import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Moment } from '../../parts/moment.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { MendLink } from './mend-link.tsx';
import styles from './report.module.css';
import type { AnchoredGroup, Report } from './run-facts.ts';

interface ThingsToDoProps {
  readonly report: Report;
  readonly groups: readonly AnchoredGroup[];
}

/** What there is to do about a run, each thing with the way to where it is done. */
export function ThingsToDo({ report, groups }: ThingsToDoProps) {
  const { state, noise, customerId, integrationId, runId } = report;
  const told = report.conflicts.filter((conflict) => conflict.state !== 'decided').length;
  const open = told + report.conflictsOmitted;
  const isHeld = state === 'held';
  if (!isHeld && groups.length + open + noise.length === 0)
    return <AfterPlan report={report} otherwise={<p>There is nothing to do.</p>} />;
  return (
    <>
      <h3>{report.laterSuccess === null ? 'What to do' : 'What there was to do, before all went well'}</h3>
      <ul className={styles.todo}>
        {isHeld ? (
          <li>
            <Link to="/customers/$customerId/runs/$runId/plan" params={{ customerId, runId }}>
              Look at what would change
            </Link>
            , then approve or reject it
            {report.expiresAt === null ? null : (
              <>
                {' by '}
                <Moment at={report.expiresAt} />
              </>
            )}
            .
          </li>
        ) : null}
        {open === 0 ? null : (
          <li>
            <Link to="/customers/$customerId/conflicts" params={{ customerId }} search={{ integrationId }}>
              Decide {sayCount(open, 'field')} that both sides changed differently
            </Link>
            . Until then {open === 1 ? 'its record stays as it is' : 'their records stay as they are'} on both
            sides.
          </li>
        )}
        {groups.map(({ anchor, code, title, problems, advice, who }) => (
          <li key={anchor}>
            <a href={`#${anchor}`}>
              {title}
              {problems.length > 1 ? ` (${problems.length.toLocaleString()})` : ''}
            </a>
            : {advice} <span className={styles.soft}>({who})</span> <MendLink code={code} report={report} />
          </li>
        ))}
        {noise.length === 0 ? null : (
          <li>
            <a href="#noise">
              {sayCount(noise.length, 'field that changes', 'fields that change')} every time
            </a>{' '}
            could be declared volatile, so that they are told no more.
          </li>
        )}
      </ul>
      <AfterPlan report={report} otherwise={null} />
    </>
  );
}

/** Of a run whose plan was not carried out: what comes now. */
function AfterPlan({ report, otherwise }: { readonly report: Report; readonly otherwise: ReactNode }) {
  const { state, isDryRun, reverts, customerId, integrationId, runId } = report;
  const integration = { customerId, integrationId };
  if (state === 'rejected' && reverts === null) {
    return (
      <p>
        Nothing of it was applied. Both sides are as they were, so the next run finds the same: ask the
        vendor,{' '}
        <Link to="/customers/$customerId/integrations/$integrationId" params={integration}>
          pause the integration
        </Link>
        , or, where so much is right,{' '}
        <Link
          to="/customers/$customerId/integrations/$integrationId/settings"
          params={integration}
          hash="limits"
        >
          change its limits
        </Link>
        .
      </p>
    );
  }
  if (isDryRun && state === 'succeeded') {
    return (
      <p>
        <Link to="/customers/$customerId/runs/$runId/plan" params={{ customerId, runId }}>
          Look at what would change
        </Link>
        . To have it done, sync on the page of{' '}
        <Link to="/customers/$customerId/integrations/$integrationId" params={integration}>
          the integration
        </Link>
        .
      </p>
    );
  }
  return otherwise;
}
