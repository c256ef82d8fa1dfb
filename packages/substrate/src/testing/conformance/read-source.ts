import type { PageCursor } from '../../http/paging.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import { openVendor } from '../../pipeline/run/open-vendor.ts';
import { toPageRequest } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { objectsIn } from './specimen.ts';

export interface SourceAccess {
  readonly worker: RunWorker;
  readonly vendor: Vendor;
  readonly connection: JsonObject;
  readonly credential: JsonObject;
}

/** All records of an entity type's list as the vendor sends them, read past the pipeline; of several lists all, or the first alone. */
export async function readSource(
  access: SourceAccess,
  entity: Entity,
  which: 'all' | 'first',
): Promise<readonly JsonObject[]> {
  const { worker, vendor, connection, credential } = access;
  const { signal } = new AbortController();
  const {
    client,
    connection: settings,
    close,
  } = await openVendor(worker, vendor, connection, credential, signal);
  const found: JsonObject[] = [];
  for (const list of which === 'all' ? (entity.lists?.(settings) ?? ['']) : ['']) {
    const request = toPageRequest(vendor.api, entity.collection(settings, list));
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
