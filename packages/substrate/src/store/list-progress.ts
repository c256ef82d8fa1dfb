import type { EndMarker, PageCursor, PageEvidence } from '../http/paging.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';

/** Where a fetch of one list, or of several, stands, and what its pages say so far. */
export interface ListProgress {
  /** Which of several lists is under way, or was the last. */
  readonly position: string | null;
  /** The next page to fetch; null before the first and after the last. */
  readonly cursor: PageCursor | null;
  readonly pages: number;
  /** The pages with which it was begun anew, since the vendor had forgotten a cursor. */
  readonly restarts: readonly number[];
  readonly evidence: FetchedEvidence | null;
}

/** How far a list has been read that says more of an entity type's records. */
export interface JoinProgress extends ListProgress {
  /** Records of it that were left out. */
  readonly refused: number;
  readonly isDone: boolean;
  /** Why what it did not say any more was not forgotten. */
  readonly failure: RecordedFailure | null;
}

/**
 * Why a fetch is at its end: its one list is. `every-list`: the list of each parent is, or each list of a delta. `pages-of-another`: all pages
 * of the entity type that it is read from have been read.
 */
export type FetchEnd = EndMarker | 'every-list' | 'pages-of-another';

/** The last page's evidence, and what all pages together show. */
export interface FetchedEvidence extends Omit<PageEvidence, 'endMarker'> {
  readonly endMarker?: FetchEnd;
  /** Of the list under way, or the last one. Absent where the pages are another entity type's, which answers for them. */
  readonly list?: ListEvidence;
  /** The first list that ended with fewer records than the vendor announced. */
  readonly short?: ListEvidence;
  /** Records without an id that can be made out. */
  readonly unidentified: number;
  /** Different ids. */
  readonly distinct: number;
  /** Present where the claimed total was not the same on every page. */
  readonly isUnsteady?: true;
  /** Present where records point to what is not there. */
  readonly broken?: BrokenReferences;
}

/** How much of one list has come. */
export interface ListEvidence {
  /** The number of its first page. */
  readonly firstPage: number;
  /** Different records of the vendor's. */
  readonly listed: number;
  /** Such without a readable id. */
  readonly unlisted: number;
  /** The size of the list as the vendor claims it. */
  readonly total?: number;
}

/** Records that were left out because they point to what is not there, each counted for the first such reference in it. */
export interface BrokenReferences {
  /** By the entity type that they point to. */
  readonly records: Readonly<Record<string, number>>;
  /** Those among them that point to what was there until now: it is stored, and did not come in this run. */
  readonly vanished: Readonly<Record<string, number>>;
}
