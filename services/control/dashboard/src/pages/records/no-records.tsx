import { RecordLink } from '../../parts/record-link.tsx';

interface NoRecordsProps {
  readonly scope: {
    readonly customerId: string;
    readonly integrationId: string;
    readonly entityType: string;
  };
  readonly only: 'edited' | 'conflicting' | undefined;
  readonly search: string | undefined;
  /** Whether there is nothing more to look through. */
  readonly isLast: boolean;
}

const reasons = {
  all: 'There are none: no run has brought any yet, or this entity type is not synced.',
  edited: 'None: whatever was changed here is at the vendor.',
  conflicting: 'None: nothing of this entity type waits for a decision.',
} as const;

/** Why a list of records is empty. */
export function NoRecords({ scope, only, search, isLast }: NoRecordsProps) {
  if (search === undefined) return reasons[only ?? 'all'];
  if (!isLast) return 'None on this page.';
  const id = search.trim();
  return (
    <>
      None of these has every word of it in its name or id.{' '}
      {/\s/.test(id) ? null : (
        <RecordLink {...scope} recordId={id}>
          Look for a record that once had this id
        </RecordLink>
      )}
    </>
  );
}
