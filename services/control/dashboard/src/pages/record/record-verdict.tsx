import { Link } from '@tanstack/react-router';
import type { Tone } from '../../parts/badge.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import type { RecordPlace } from './record-page.tsx';

export type StoredRecord = ResultOf<'records.get.v1'>;

interface RecordVerdictProps {
  readonly place: RecordPlace;
  /** Undefined: it is gone, or never was. */
  readonly record: StoredRecord | undefined;
}

/** How the record stands, in a sentence. */
export function RecordVerdict({ place, record }: RecordVerdictProps) {
  if (record === undefined) {
    return (
      <Callout tone="calm" title="There is no such record now">
        <p>Where it was here once, its history is below.</p>
      </Callout>
    );
  }
  const [tone, title] = judge(record);
  const { editedAt, openConflicts, updatedAt, version, movedFrom, recordId } = record;
  return (
    <Callout tone={tone} title={title}>
      {openConflicts > 0 ? <p>Nothing of it is merged until all of them are decided.</p> : null}
      {editedAt === null ? null : (
        <p>
          Edited on our side since <Moment at={editedAt} />; the vendor gets it with the next run that writes
          its entity type back.
        </p>
      )}
      <p>
        Version {version}, since <Moment at={updatedAt} />.
      </p>
      {movedFrom === null ? null : (
        <p>
          The vendor has replaced the id <VendorText value={movedFrom} /> by{' '}
          <Link
            to="/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId"
            params={{ ...place, recordId }}
          >
            <VendorText value={recordId} />
          </Link>
          .
        </p>
      )}
    </Callout>
  );
}

function judge({ openConflicts, isDeleted, editedAt, base }: StoredRecord): readonly [Tone, string] {
  if (openConflicts > 0)
    return [
      'warn',
      openConflicts === 1 ? 'One field is in conflict' : `${openConflicts} fields are in conflict`,
    ];
  if (isDeleted) return ['warn', 'Deleted here; the vendor has not been told yet'];
  if (base === null) return ['calm', 'Ours alone: the vendor does not have it yet'];
  if (editedAt !== null) return ['calm', 'Changed here; the vendor has not taken it yet'];
  return ['good', 'Both sides have the same'];
}
