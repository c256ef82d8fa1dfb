import type { FetchEnd, FetchedEvidence, ListEvidence, ListProgress } from '../../store/list-progress.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { FetchedIds } from './fetched-ids.ts';
import type { FetchedPage } from './fetched-page.ts';
import { isShort } from './judge-fetch.ts';
import { digestsOf } from './seen-ids.ts';

export const noEvidence: FetchedEvidence = { records: 0, unidentified: 0, distinct: 0 };

/** The vendor's records on a page, as it is kept and counted. */
export interface ListedOnPage {
  /** Digests; null where they are those that were read. */
  readonly listed: Uint8Array | null;
  /** Such without a readable id. */
  readonly unlisted: number;
}

/** The vendor's records on a page, which are nearly always those that were read (`ids`): then they are not kept apart. */
export function listedOn(
  { records }: FetchedPage,
  lister: Pick<Entity, 'idOf'> | undefined,
  ids: readonly string[],
): ListedOnPage {
  if (lister === undefined) return { listed: null, unlisted: 0 };
  const listed = records.map((record) => lister.idOf(record)).filter((id) => id !== undefined);
  const unlisted = records.length - listed.length;
  const read = new Set(ids);
  const isSame = listed.length === ids.length && listed.every((id) => read.has(id));
  return { listed: isSame ? null : digestsOf(listed), unlisted };
}

/** Pure. The evidence with one more page. `isListed`: the list is its own, not that of another entity type, which answers for it. */
export function withPage(
  { evidence, pages }: ListProgress,
  page: FetchedPage,
  fetched: Pick<FetchedIds, 'ids' | 'listed'>,
  { isListed, unlisted, unidentified }: { isListed: boolean; unlisted: number; unidentified: number },
): FetchedEvidence {
  return {
    // What one of several lists claims says nothing of the set.
    ...(page.position === null ? page.evidence : { records: page.evidence.records }),
    ...(isListed ? judgeList({ evidence, pages }, page, fetched.listed, unlisted) : {}),
    unidentified: (evidence?.unidentified ?? 0) + unidentified,
    distinct: fetched.ids.size,
  };
}

/** Pure. The evidence at the end of lists whose last page does not say that it is the end. */
export function withEnd(evidence: FetchedEvidence | null, end: FetchEnd | undefined): FetchedEvidence | null {
  return end === undefined ? evidence : { ...(evidence ?? noEvidence), endMarker: end };
}

/**
 * What the list has shown so far. Rows that slide to another page can be missed though the last page's total adds up: a total that moves
 * gives it away.
 */
function judgeList(
  { evidence, pages }: Pick<ListProgress, 'evidence' | 'pages'>,
  page: FetchedPage,
  listed: number,
  unlisted: number,
) {
  const { total, endMarker } = page.evidence;
  const before = page.beginsList ? undefined : evidence?.list;
  const list: ListEvidence = {
    firstPage: before?.firstPage ?? pages,
    listed,
    unlisted: (before?.unlisted ?? 0) + unlisted,
    ...(total === undefined ? {} : { total }),
  };
  const hasMoved = total !== undefined && before?.total !== undefined && total !== before.total;
  const short = evidence?.short ?? (endMarker !== undefined && isShort(list) ? list : undefined);
  return {
    list,
    ...(short === undefined ? {} : { short }),
    ...(evidence?.isUnsteady === true || hasMoved ? { isUnsteady: true as const } : {}),
  };
}
