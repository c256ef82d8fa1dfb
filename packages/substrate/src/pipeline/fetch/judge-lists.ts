import { Failure } from '../../failure/failure.ts';
import type { ListProgress } from '../../store/list-progress.ts';
import type { PageScope } from '../../store/pages.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { Slice } from '../slice.ts';
import { hasLostSome } from './begin-anew.ts';
import { type FetchVerdict, judgeFetch } from './judge-fetch.ts';
import { noEvidence } from './list-evidence.ts';

/**
 * Whether lists that were read to their end prove that they are the whole set. `source`: the entity type that the pages were fetched for: a
 * set is no more whole than the pages that it was read from.
 */
export async function judgeLists(
  slice: Slice,
  scope: PageScope,
  progress: Pick<ListProgress, 'restarts' | 'evidence'>,
  source: RunEntityType | undefined,
  hasStored: boolean,
): Promise<FetchVerdict> {
  const evidence = progress.evidence ?? noEvidence;
  const verdict = judgeFetch(
    scope.entityType,
    {
      ...evidence,
      list: evidence.short ?? evidence.list,
      isUnsteady: evidence.isUnsteady ?? (await hasLostSome(slice, scope, progress)),
    },
    hasStored,
  );
  if (verdict.kind !== 'complete' || source === undefined || source.failure === null) return verdict;
  const failure = new Failure(
    'incomplete_fetch',
    'It is not certain that everything came that these records are read from',
    { data: { from: source.entityType } },
  );
  return { kind: 'incomplete', failure };
}
