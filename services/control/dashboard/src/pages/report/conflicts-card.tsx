import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { Link } from '@tanstack/react-router';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import styles from './report.module.css';
import type { Report } from './run-facts.ts';

const most = 10;

/** Fields that wait for a person, as they stood when the run ended and stand still. They are decided on a page of their own. */
export function ConflictsCard({ report }: { readonly report: Report }) {
  const { conflicts, conflictsOmitted, customerId, integrationId } = report;
  const all = conflicts.length + conflictsOmitted;
  if (all === 0) return null;
  const rest = all - Math.min(most, conflicts.length);
  // Whole sides are where one decides.
  const whole = (
    <Link to="/customers/$customerId/conflicts" params={{ customerId }} search={{ integrationId }}>
      Conflicts
    </Link>
  );
  const show = (value: JsonValue | undefined, length: number | undefined) => (
    <VendorText value={value} length={length} whole={whole} />
  );
  return (
    <Card title={`Conflicts (${all.toLocaleString()})`}>
      <DataTable
        caption="Fields that both sides changed differently"
        rows={conflicts.slice(0, most)}
        keyOf={({ conflictId }) => conflictId}
        empty=""
        columns={[
          {
            title: 'Record',
            cell: ({ entityType, recordId, name }) => (
              <>
                {entityType}{' '}
                <RecordLink {...report} entityType={entityType} recordId={recordId} name={name} />
              </>
            ),
          },
          {
            title: 'Field',
            cell: ({ pointer, cut }) => (
              <VendorText value={pointer || 'the whole record'} length={cut?.pointer} isVerbatim />
            ),
          },
          { title: 'Before', cell: ({ base, cut }) => show(base, cut?.base) },
          { title: 'Ours', cell: ({ ours, cut }) => show(ours, cut?.ours) },
          { title: 'Theirs', cell: ({ theirs, cut }) => show(theirs, cut?.theirs) },
          {
            title: 'State',
            cell: ({ state }) => (state === 'decided' ? 'decided, the next run follows' : state),
          },
        ]}
      />
      <p className={styles.more}>
        {rest > 0 ? <span>{sayCount(rest, 'more field')}, not shown.</span> : null}
        <Link to="/customers/$customerId/conflicts" params={{ customerId }} search={{ integrationId }}>
          Decide them side by side
        </Link>
      </p>
    </Card>
  );
}
