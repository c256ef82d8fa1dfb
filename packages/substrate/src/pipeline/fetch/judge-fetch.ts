import { Failure } from '../../failure/failure.ts';
import type { FetchEnd, ListEvidence } from '../../store/list-progress.ts';

/** What a finished fetch has to show for itself. */
export interface FetchEvidence {
  /** Different ids that came. */
  readonly distinct: number;
  /** Records without an id that can be made out. */
  readonly unidentified: number;
  /** The list as it came, if it was one of its own; of several, one that is short, if one is. */
  readonly list?: Pick<ListEvidence, 'listed' | 'unlisted' | 'total'> | undefined;
  /** The claimed size was not the same on every page: the list changed while it was read, and rows may have moved past the reader. */
  readonly isUnsteady?: boolean | undefined;
  readonly endMarker?: FetchEnd | undefined;
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
  const { distinct, unidentified, list, isUnsteady = false, endMarker } = evidence;
  const announced = list?.total === undefined ? {} : { announced: list.total };
  const facts = { entityType, received: list?.listed ?? distinct, ...announced };
  if (distinct === 0 && unidentified === 0 && hasStored) {
    return {
      kind: 'unsound',
      failure: new Failure('verification_failed', 'The vendor sent nothing where records are stored', {
        data: facts,
      }),
    };
  }
  if (endMarker === undefined || (list !== undefined && isShort(list))) {
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

/** Pure. Whether fewer of the vendor's records came than it announced. */
export function isShort({
  listed,
  unlisted,
  total,
}: Pick<ListEvidence, 'listed' | 'unlisted' | 'total'>): boolean {
  return total !== undefined && listed + unlisted < total;
}
