import { canonicalJson } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';
import type { EntityValue } from '../../model/entity-types.ts';
import type { Push } from '../../store/pushes.ts';
import { readRecords } from '../../store/records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordsIn } from '../fetch/fetch-stage.ts';
import { readPage } from '../fetch/read-page.ts';
import type { Slice } from '../slice.ts';

/**
 * The id of a record that an earlier attempt created and whose answer was lost: one in the vendor's list that says what we sent and that we
 * do not have under its own id. Undefined where there is none.
 */
export async function findCreated(
  slice: Slice,
  entity: Entity,
  { recordId, after }: Push,
): Promise<string | undefined> {
  const { write } = entity;
  if (write?.assignment === undefined || after === null) return undefined;
  const record = { id: recordId, value: after as EntityValue };
  const { path, member, query } = write.assignment.where(record, slice.connection);
  const sent = pick(after, write.members);
  let cursor = null;
  do {
    const page: Awaited<ReturnType<typeof slice.client.fetchPage>> = await slice.client.fetchPage({
      path,
      paging: slice.vendor.api.paging,
      cursor,
      recordsOf: (json) => recordsIn(json, member),
      signal: slice.signal,
      ...(query === undefined ? {} : { query }),
    });
    const { readings } = readPage(entity, page.records, slice.mergeOf(entity).hash);
    const alike = readings.filter(
      ({ value }) => isJsonObject(value) && canonicalJson(pick(value, write.members)) === canonicalJson(sent),
    );
    const { customerId, integrationId } = slice.run;
    const scope = { customerId, integrationId, entityType: entity.entityType };
    const ids = alike.map(({ id }) => id);
    const stored = await readRecords(slice.worker.store, scope, ids);
    const found = ids.find((id) => !stored.has(id));
    if (found !== undefined) return found;
    cursor = page.cursor;
  } while (cursor !== null);
  return undefined;
}

function pick(value: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => members.includes(name)));
}
