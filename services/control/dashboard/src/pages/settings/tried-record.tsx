import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import styles from './settings-page.module.css';

type Tried = ResultOf<'settings.try.v1'>['records'][number];
type FieldOutcome = Tried['fields'][number]['tried'];

interface TriedRecordProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly record: Tried;
}

const origins: Readonly<Record<Tried['origin']['kind'], string>> = {
  conflict: 'in conflict since',
  edited: 'edited here',
  change: 'as before a run changed it,',
  inStep: 'the same on both sides',
};

/** One record that would come out differently, field by field. */
export function TriedRecord({ record, ...scope }: TriedRecordProps) {
  const { recordId, origin, isHeld, fields, fieldsOmitted } = record;
  const differing = fields.filter(({ differs }) => differs);
  const others = fields.length - differing.length + fieldsOmitted;
  return (
    <section className={styles.tried} aria-label={`Record ${toPlainText(recordId, 80)}`}>
      <h3>
        <RecordLink {...scope} recordId={recordId} />
      </h3>
      <p className={styles.soft}>
        {origins[origin.kind]} {origin.at === null ? '' : <Moment at={origin.at} />}
        {isHeld.stored === isHeld.tried
          ? ''
          : isHeld.tried
            ? '. It would be held for a person from now on.'
            : '. It would not be held any more.'}
      </p>
      <DataTable
        caption="Fields that come out differently"
        rows={differing}
        keyOf={({ pointer }) => pointer}
        empty="Only whether it is held differs."
        columns={[
          {
            title: 'Field',
            cell: ({ pointer }) => <VendorText value={pointer === '' ? 'the record' : pointer} />,
          },
          { title: 'Base', cell: ({ base }) => <VendorText value={base} /> },
          { title: 'Ours', cell: ({ ours }) => <VendorText value={ours} /> },
          { title: 'Theirs', cell: ({ theirs }) => <VendorText value={theirs} /> },
          { title: 'As stored', cell: ({ stored }) => <OutcomeText outcome={stored} /> },
          { title: 'With these', cell: ({ tried }) => <OutcomeText outcome={tried} /> },
        ]}
      />
      {others === 0 ? null : (
        <p className={styles.soft}>{sayCount(others, 'other field')} come out the same.</p>
      )}
    </section>
  );
}

function OutcomeText({ outcome: { outcome, value, rule, writes } }: { readonly outcome: FieldOutcome }) {
  if (outcome === 'unseen') return <span className={styles.soft}>no difference is seen</span>;
  if (outcome === 'conflict') {
    return (
      <>
        <strong>left to a person</strong>{' '}
        <span className={styles.soft}>
          <VendorLine text={rule ?? ''} />
        </span>
      </>
    );
  }
  return (
    <>
      <VendorText value={value} />{' '}
      <span className={styles.soft}>
        <VendorLine text={rule ?? ''} />; {sayWrites(writes)}
      </span>
    </>
  );
}

function sayWrites(writes: FieldOutcome['writes']): string {
  if (writes.length === 0) return 'nothing is written';
  return `written ${writes.map((side) => (side === 'ours' ? 'to our side' : 'to the vendor')).join(' and ')}`;
}
