import { Link } from '@tanstack/react-router';
import type { Tone } from '../../parts/badge.tsx';
import { Callout } from '../../parts/callout.tsx';
import { findWriteBarrier } from '../../parts/find-write-barrier.ts';
import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import type { RecordPlace } from './record-page.tsx';

export type StoredRecord = ResultOf<'records.get.v1'>;

interface RecordVerdictProps {
  readonly place: RecordPlace;
  /** Undefined: it is gone. */
  readonly record: StoredRecord | undefined;
}

/** How the record stands, in a sentence. */
export function RecordVerdict({ place, record }: RecordVerdictProps) {
  if (record === undefined) {
    return (
      <Callout tone="calm" title="There is no such record now">
        <p>It was here once: its history is below.</p>
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
          It has differed from the vendor's since <Moment at={editedAt} />.{' '}
          <Outlook place={place} record={record} />
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

/** Whether a run will bring the vendor our version. */
function Outlook({ place, record }: { readonly place: RecordPlace; readonly record: StoredRecord }) {
  const { customerId, integrationId, entityType } = place;
  const { data: integration } = useCall('integrations.get.v1', { customerId, integrationId });
  const vendorId = integration?.vendor ?? '';
  const { data: vendor } = useCall('vendors.get.v1', { vendor: vendorId }, { isWanted: vendorId !== '' });
  if (integration === undefined || vendor === undefined) return null;
  const action = record.isDeleted ? 'delete' : record.base === null ? 'create' : 'update';
  const barrier = findWriteBarrier(integration.settings, vendor, entityType, action);
  if (barrier === null) return `The next run of ${entityType} writes to the vendor what it takes of it.`;
  if (barrier === 'vendor') {
    return `${vendor.title} takes ${nothingOf[action](entityType)} from us; it stays different here until the vendor changes it.`;
  }
  return (
    <>
      Nothing of this entity type is written to this vendor; it stays different here until the vendor changes
      it, or{' '}
      <Link
        to="/customers/$customerId/integrations/$integrationId/settings"
        params={{ customerId, integrationId }}
      >
        the settings
      </Link>{' '}
      write {entityType} back.
    </>
  );
}

const nothingOf = {
  create: (entityType: string) => `no new ${entityType}`,
  update: (entityType: string) => `no change of any ${entityType}`,
  delete: (entityType: string) => `no deletion of any ${entityType}`,
};

function judge({ openConflicts, isDeleted, editedAt, base }: StoredRecord): readonly [Tone, string] {
  if (openConflicts > 0)
    return [
      'warn',
      openConflicts === 1 ? 'One field is in conflict' : `${openConflicts} fields are in conflict`,
    ];
  if (isDeleted) return ['warn', 'Deleted here, and not at the vendor'];
  if (base === null) return ['calm', 'Ours alone: the vendor does not have it'];
  if (editedAt !== null) return ['calm', 'Changed here, and not at the vendor'];
  return ['good', 'Both sides have the same'];
}
