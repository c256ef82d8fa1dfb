import { Moment } from '../../parts/moment.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import { useCall } from '../../rpc/use-call.ts';
import type { Conflict } from './conflict.ts';

interface OursChangedProps {
  readonly customerId: string;
  readonly conflict: Conflict;
}

type Change = ResultOf<'records.history.v1'>['changes'][number];

/** Of so many changes of the record the latest one of the field is looked for. */
const looked = 5;

/** Since when ours is as it is, and by whom; nothing where that is further back, or ours was never changed here. */
export function OursChanged({ customerId, conflict }: OursChangedProps) {
  const { integrationId, entityType, recordId, pointer } = conflict;
  const place = { customerId, integrationId, entityType, recordId };
  const { data } = useCall('records.history.v1', { ...place, limit: looked });
  const change = data?.changes.find(({ fields }) => fields.some((field) => isAround(field.pointer, pointer)));
  if (change === undefined) return null;
  return (
    <>
      Ours changed <Moment at={change.changedAt} /> by <Author change={change} />.{' '}
    </>
  );
}

/** Who asked for a run, or approved it, did not choose the value. */
function Author({ change: { by, run } }: { readonly change: Change }) {
  const deed = by.find(({ did }) => did !== 'asked' && did !== 'approved');
  if (deed !== undefined) return <VendorText value={deed.actor} isVerbatim />;
  return run === null ? 'an edit here' : `a run (${run.context})`;
}

/** Whether the one field is the other one, or in it. The whole record has no pointer. */
function isAround(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
