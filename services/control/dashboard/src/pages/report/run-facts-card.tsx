import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '../../parts/card.tsx';
import { showDuration } from '../../parts/duration.tsx';
import { Moment } from '../../parts/moment.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import styles from './report.module.css';
import type { Report, RunDetail } from './run-facts.ts';

/** What kind of run it was, when, and of what. */
export function RunFacts({ run, report }: { readonly run: RunDetail; readonly report: Report }) {
  const { customerId, integrationId, vendor, context, method, runId, reverts, recordIds } = run;
  return (
    <Card title="The run">
      <dl className={styles.columns}>
        <Fact name="Integration">
          <Link
            to="/customers/$customerId/integrations/$integrationId"
            params={{ customerId, integrationId }}
          >
            {integrationId}
          </Link>
          {integrationId === vendor ? null : ` (${vendor})`}
        </Fact>
        <Fact name="Asked for">
          <Moment at={run.requestedAt} isExact />
        </Fact>
        {run.requestedBy === null ? null : (
          <Fact name="Asked for by">
            <VendorText value={run.requestedBy} isVerbatim />
          </Fact>
        )}
        {report.reason === null ? null : (
          <Fact name="Reason">
            <VendorText value={report.reason} isVerbatim />
          </Fact>
        )}
        <Fact name="Began">
          <Moment at={run.startedAt} isExact />
        </Fact>
        <Fact name={run.state === 'held' ? 'Held since' : 'Ended'}>
          <Moment at={run.state === 'held' ? run.heldSince : run.finishedAt} isExact />
        </Fact>
        {report.seconds === null ? null : <Fact name="Took">{showDuration(report.seconds)}</Fact>}
        <Fact name="Why it ran">
          {context} <code>{method}</code>
        </Fact>
        {recordIds.length === 0 ? null : (
          <Fact name="Only">{sayCount(recordIds.length, 'named record')}</Fact>
        )}
        {reverts === null ? null : (
          <Fact name="Takes back">
            <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId: reverts }}>
              run {reverts.slice(0, 8)}
            </Link>
          </Fact>
        )}
        <Fact name="Run">
          <code>{runId}</code>
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
