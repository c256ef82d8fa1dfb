import { Badge, type Tone } from '../../parts/badge.tsx';
import { Card } from '../../parts/card.tsx';
import { RecordChange, RecordChanges } from '../../parts/record-change.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { MoreRecords } from './more-records.tsx';
import { countPushes, type Report } from './run-facts.ts';

interface PushesCardProps {
  readonly report: Report;
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** What was written to the vendor, field by field, and whether it was found there afterwards. */
export function PushesCard({ report, onMore, isBusy }: PushesCardProps) {
  const { pushes, pushesOmitted, totals } = report;
  const all = Math.max(countPushes(totals), pushes.length);
  if (all === 0) return null;
  return (
    <Card title={`Written to the vendor (${all.toLocaleString()})`}>
      <RecordChanges>
        {pushes.map(({ entityType, recordId, name, action, state, assignedId, fields, fieldsOmitted }) => (
          <RecordChange
            key={`${entityType}/${recordId}`}
            {...report}
            entityType={entityType}
            recordId={recordId}
            name={name}
            fields={fields}
            fieldsOmitted={fieldsOmitted}
            action={action}
            remark={<PushState state={state} />}
            startsOpen={state === 'refused' || state === 'unverified'}
          >
            {assignedId === null ? null : (
              <p>
                The vendor gave it the id <VendorText value={assignedId} />.
              </p>
            )}
          </RecordChange>
        ))}
      </RecordChanges>
      <MoreRecords omitted={pushesOmitted} onMore={onMore} isBusy={isBusy} />
    </Card>
  );
}

function PushState({ state }: { readonly state: string }) {
  const { tone, words } = states[state] ?? { tone: 'calm', words: state };
  return <Badge tone={tone}>{words}</Badge>;
}

const states: Readonly<Record<string, { readonly tone: Tone; readonly words: string }>> = {
  intended: { tone: 'calm', words: 'not known yet' },
  accepted: { tone: 'good', words: 'taken, and found there' },
  refused: { tone: 'bad', words: 'refused' },
  unverified: { tone: 'warn', words: 'taken, and not kept as it was sent' },
};
