import { Failure } from '../../failure/failure.ts';
import type { EndMarker } from '../../http/paging.ts';

/** What a finished fetch has to show for itself. */
export interface FetchEvidence {
  /** Different ids that came. */
  readonly distinct: number;
  /** Records without an id that can be made out. */
  readonly unidentified: number;
  /** The size of the list as the vendor claims it, if it does. */
  readonly total?: number | undefined;
  /** The claimed size was not the same on every page: the list changed while it was read, and rows may have moved past the reader. */
  readonly isUnsteady?: boolean | undefined;
  readonly endMarker?: EndMarker | undefined;
}

export type FetchVerdict =
  /** Nothing is missing: what is stored and did not come is gone at the vendor. */
  | { readonly kind: 'complete' }
  /** What came is good, but it cannot be told what is gone: nothing is deleted. */
  | { readonly kind: 'incomplete'; readonly failure: Failure }
  /** Nothing is done with what came. */
  | { readonly kind: 'unsound'; readonly failure: Failure };

/** Pure. Whether a fetch proves that it is the whole set. */
export function judgeFetch(entityType: string, evidence: FetchEvidence, hasStored: boolean): FetchVerdict {
  const { distinct, unidentified, total, isUnsteady = false, endMarker } = evidence;
  const facts = { entityType, received: distinct, ...(total === undefined ? {} : { announced: total }) };
  if (distinct === 0 && unidentified === 0 && hasStored) {
    return {
      kind: 'unsound',
      failure: new Failure('verification_failed', 'The vendor sent nothing where records are stored', {
        data: facts,
      }),
    };
  }
  if (endMarker === undefined || (total !== undefined && distinct + unidentified < total)) {
    return {
      kind: 'incomplete',
      failure: new Failure('incomplete_fetch', 'The vendor sent fewer records than it announced', {
        data: facts,
      }),
    };
  }
  if (isUnsteady) {
    return {
      kind: 'incomplete',
      failure: new Failure(
        'incomplete_fetch',
        'The list changed while it was read, so records may have been passed over',
        { data: facts },
      ),
    };
  }
  if (unidentified > 0) {
    return {
      kind: 'incomplete',
      failure: new Failure(
        'incomplete_fetch',
        'Some records came without a readable id, so none can be called missing',
        {
          data: { ...facts, unidentified },
        },
      ),
    };
  }
  return { kind: 'complete' };
}
