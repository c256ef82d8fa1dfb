import { schoolsOf } from '../../model/schools.ts';
import { maximumSchools } from '../../settings/safety-limits.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { insertStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, type Slice, withCounts } from '../slice.ts';
import type { FetchedIds } from './fetched-ids.ts';
import type { FetchedPage } from './fetched-page.ts';
import { countBroken } from './judge-references.ts';
import { prepareKept } from './keep-page.ts';
import { listedOn, withPage } from './list-evidence.ts';
import type { References } from './open-references.ts';
import { readJoinedPage } from './read-joined.ts';
import { type PageReading, reportBug } from './read-page.ts';
import { digestsOf } from './seen-ids.ts';
import { sortReadings } from './sort-readings.ts';

/**
 * Reads one fetched page and commits, together: the raw page, the records that differ from what is stored, those that were refused, the
 * ids seen, and the checkpoint. Answers the new progress. Unchanged records cost no write. `lister` knows the vendor's records by their ids,
 * for the list that they are in; absent: the list is another entity type's.
 */
export async function stagePage(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  fetched: FetchedIds,
  references: References,
  page: FetchedPage,
  lister: Pick<Entity, 'idOf'> | undefined,
): Promise<RunEntityType> {
  // Begun first: it is compressed beside this thread while the records are read.
  const preparing = prepareKept(slice, page);
  // It is awaited below; if the records fail first, nobody is left to hear of it.
  preparing.catch(() => undefined);
  const read = await readJoinedPage(slice, entity, page.records);
  const { readings, refusals } = read;
  const ids = [
    ...readings.map((reading) => reading.id),
    ...refusals.flatMap(({ id }) => (id === undefined ? [] : [id])),
  ];
  reportBug(slice.worker, entity, refusals);
  const digests = digestsOf(ids);
  const isSeen = fetched.ids.holds(digests);
  const seenBefore = new Set(ids.filter((_id, index) => isSeen[index]));
  const sorted = await sortReadings(slice, entity, references, seenBefore, read);
  const { refused } = sorted;
  if (page.beginsList) fetched.beginList();
  const { listed, unlisted } = listedOn(page, lister, ids);
  fetched.add({ seen: digests, listed });

  const unidentified = refusals.filter(({ id }) => id === undefined).length;
  const broken = countBroken(progress.evidence?.broken, sorted.broken);
  const next: RunEntityType = {
    ...withCounts(progress, {
      received: readings.length + refusals.length,
      repeated: sorted.repeated,
      unchanged: sorted.unchanged,
      quarantined: refused.length,
      withdrawn: readings.filter(({ value }) => value === null).length,
    }),
    cursor: page.cursor,
    position: page.position,
    pages: progress.pages + 1,
    evidence: {
      ...withPage(progress, page, fetched, { isListed: lister !== undefined, unlisted, unidentified }),
      ...(broken === undefined ? {} : { broken }),
    },
    schools: countSchools(entity, progress.schools, sorted.present),
  };
  const keep = await preparing;
  await commit(slice, (transaction) => {
    keep(transaction, entity, progress.pages, {
      seen: digests,
      listed,
      gone: digestsOf(sorted.gone),
      refused,
    });
    insertStaged(transaction, sorted.staged);
    putRunEntityType(transaction, next);
  });
  return next;
}

/** How many records came of each school; those of so many schools that they are not counted apart are left out. */
function countSchools(
  { entityType }: Entity,
  before: RunEntityType['schools'],
  present: readonly PageReading[],
): RunEntityType['schools'] {
  const counts = new Map(Object.entries(before));
  for (const { id, value } of present) {
    for (const school of value === null ? [] : schoolsOf(entityType, id, value)) {
      const count = counts.get(school);
      if (count !== undefined || counts.size < maximumSchools) counts.set(school, (count ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}
