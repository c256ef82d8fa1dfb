import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { FieldDiff } from '../../parts/field-diff.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Pager } from '../../parts/pager.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import styles from './record-history.module.css';
import type { RecordPlace } from './record-page.tsx';

type Change = ResultOf<'records.history.v1'>['changes'][number];

interface RecordHistoryProps {
  readonly place: RecordPlace;
  /** The change that the page before ended with, as the address has it. */
  readonly after: string | undefined;
}

/** Change by change: when, who or which run, by which rule, what it was and became. */
export function RecordHistory({ place, after }: RecordHistoryProps) {
  const { data, error, refetch } = useCall('records.history.v1', historyParams(place, after));
  if (error !== null) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the history" />;
  const { changes, movedTo, next } = data;
  return (
    <>
      {movedTo === null ? null : (
        <p>
          What came later stands under the id that the vendor has given it since:{' '}
          <Link
            to="/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId"
            params={{ ...place, recordId: movedTo }}
          >
            <VendorText value={movedTo} />
          </Link>
        </p>
      )}
      {changes.length === 0 ? (
        <p>Nothing has changed on our side{after === undefined ? '' : ' before'}.</p>
      ) : null}
      <ol className={styles.history}>
        {changes.map((change) => (
          <li key={change.changeId}>
            <HistoryEntry customerId={place.customerId} change={change} />
          </li>
        ))}
      </ol>
      <Pager after={after} next={next === null ? null : String(next)} />
    </>
  );
}

/** Pure. What the history is asked for with: whoever asks the same is answered by the same call. */
export function historyParams(place: RecordPlace, after: string | undefined) {
  return { ...place, limit: 25, ...(after === undefined ? {} : { after: Number(after) }) };
}

const tones: Readonly<Record<string, Tone>> = { create: 'good', update: 'calm', delete: 'bad' };
const said: Readonly<Record<string, string>> = { create: 'created', update: 'changed', delete: 'deleted' };
const deeds: Readonly<Record<Change['by'][number]['did'], string>> = {
  edited: 'Edited',
  decided: 'Its conflict decided',
  approved: 'The held run approved',
  reverted: 'Taken back',
  asked: 'The run asked for',
};
/** With more fields than these an entry is folded. */
const mostFields = 8;

function HistoryEntry({ customerId, change }: { readonly customerId: string; readonly change: Change }) {
  const { action, changedAt, fields } = change;
  const diff = <FieldDiff caption="What it was, and became" fields={fields} />;
  return (
    <>
      <p className={styles.head}>
        <Moment at={changedAt} /> <Badge tone={tones[action] ?? 'calm'}>{said[action] ?? action}</Badge>{' '}
        <Cause customerId={customerId} change={change} />
      </p>
      {change.by.map((deed) => (
        <div key={`${deed.did} ${deed.at}`}>
          {deeds[deed.did]} by{' '}
          <strong>
            <VendorText value={deed.actor} />
          </strong>
          , <Moment at={deed.at} />
          {deed.reason === null ? null : (
            <>
              : “<VendorText value={deed.reason} />”
            </>
          )}
        </div>
      ))}
      {fields.length > mostFields ? (
        <details>
          <summary>{fields.length} fields</summary>
          {diff}
        </details>
      ) : (
        diff
      )}
    </>
  );
}

/** What brought the change about. */
function Cause({
  customerId,
  change: { run, runId },
}: {
  readonly customerId: string;
  readonly change: Change;
}) {
  if (run === null) return <span>by an edit here</span>;
  const { context, method, reverts } = run;
  return (
    <span>
      by{' '}
      <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
        the {context} run
      </Link>{' '}
      (<code>{method}</code>)
      {reverts === null ? null : (
        <>
          , which took back{' '}
          <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId: reverts }}>
            another run
          </Link>
        </>
      )}
    </span>
  );
}
