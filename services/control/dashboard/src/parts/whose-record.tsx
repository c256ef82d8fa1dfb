import { referencesIn } from '@flotilla/substrate/model/references';
import type { ParamsOf } from '../rpc/call.ts';
import { useCall } from '../rpc/use-call.ts';
import { RecordLink } from './record-link.tsx';

type Place = Pick<ParamsOf<'records.get.v1'>, 'customerId' | 'integrationId' | 'entityType' | 'recordId'>;

/** More than a person reads; a class may name many terms. */
const most = 6;

/** The records that this one names, by what people call them: whose score it is, and in which class. */
export function WhoseRecord({ place }: { readonly place: Place }) {
  const { data: record } = useCall('records.get.v1', place);
  const value = record?.ours ?? record?.base ?? null;
  if (value === null) return null;
  // Control has answered with the record, so it is an entity type.
  const entityType = place.entityType as Parameters<typeof referencesIn>[0];
  const found = referencesIn(entityType, place.recordId, value);
  const byTarget = new Map(found.map((one) => [`${one.entityType} ${one.id}`, one]));
  const targets = [...byTarget.values()].slice(0, most);
  if (targets.length === 0) return null;
  return (
    <p>
      It belongs to{' '}
      {targets.map(({ entityType, id }, index) => (
        <span key={`${entityType} ${id}`}>
          {index === 0 ? '' : ', '}
          {entityType} <RecordByName place={{ ...place, entityType, recordId: id }} />
        </span>
      ))}
      .
    </p>
  );
}

function RecordByName({ place }: { readonly place: Place }) {
  // One that is not there, or is not synced, is known by its id alone.
  const { data: record } = useCall('records.get.v1', place);
  return <RecordLink {...place} name={record?.name} />;
}
