import type { PageCursor } from '../../http/paging.ts';
import { digestJson } from '../../json/digest.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { readPage } from '../../pipeline/fetch/read-page.ts';
import { collectionAt } from '../../pipeline/fetch/within-pages.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import { openVendor } from '../../pipeline/run/open-vendor.ts';
import { toPageRequest } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { isParent } from './parent-lists.ts';
import { objectsIn } from './specimen.ts';

export interface SourceAccess {
  readonly worker: RunWorker;
  readonly vendor: Vendor;
  readonly connection: JsonObject;
  readonly credential: JsonObject;
}

/**
 * All records of an entity type's list as the vendor sends them, read past the pipeline; of several lists all, or the first alone. Of lists
 * that each parent has: always all.
 */
export async function readSource(
  access: SourceAccess,
  entity: Entity,
  which: 'all' | 'first',
): Promise<readonly JsonObject[]> {
  const { worker, vendor, connection, credential } = access;
  const lister = vendor.entities.find(({ entityType }) => entityType === entity.from) ?? entity;
  const { signal } = new AbortController();
  const opened = await openVendor(worker, vendor, connection, credential, signal);
  // What the vendor says of itself counts too (`Api.discover`), as in a run.
  const { client, connection: settings, close } = opened;
  if (lister.isOffered?.(settings) === false) {
    await close();
    return [];
  }
  const parentIds = await readParentIds(access, lister, settings);
  const found: JsonObject[] = [];
  for (const place of placesOf(lister, settings, parentIds, which)) {
    const request = toPageRequest(vendor.api, collectionAt({ connection: settings }, lister, place));
    let cursor: PageCursor | null = null;
    do {
      const page = await client.fetchPage({ ...request, cursor });
      found.push(...objectsIn(page.records));
      ({ cursor } = page);
    } while (cursor !== null);
  }
  await close();
  return found;
}

/** Undefined where no other entity type's records have the lists. */
async function readParentIds(
  access: SourceAccess,
  entity: Entity,
  settings: unknown,
): Promise<readonly string[] | undefined> {
  const parent = access.vendor.entities.find(({ entityType }) => entityType === entity.within);
  if (entity.within === undefined || parent === undefined) return undefined;
  const { readings } = readPage(parent, await readSource(access, parent, 'all'), digestJson);
  return readings.filter(({ id, value }) => isParent(entity, id, value, settings)).map(({ id }) => id);
}

/** As checkpoints keep them (`collectionAt`). */
function placesOf(
  { lists }: Entity,
  connection: unknown,
  parentIds: readonly string[] | undefined,
  which: 'all' | 'first',
): readonly string[] {
  const names = lists?.(connection);
  if (parentIds === undefined) return which === 'all' ? (names ?? ['']) : [''];
  if (names === undefined) return parentIds;
  return parentIds.flatMap((id) => names.map((name) => `${name}/${id}`));
}
