import { isEntityType } from '@flotilla/substrate/model';
import { type RecordReference, referencesIn } from '@flotilla/substrate/model/references';
import { type RecordScope, readRecordNames, readRecords, type Store } from '@flotilla/substrate/store';

type Place = RecordScope & { readonly recordId: string };

/** A score is known by its line item and its student, an enrollment by its user and class. */
const mostJoined = 2;

/**
 * What people call these records of one customer: their names, and of one that has none the names of those it joins, such as `Quiz 3 · Ada
 * Bee`; null where these have none either. Few reads: two, and one an entity type of those without names.
 */
export async function callRecords(
  store: Store,
  places: readonly Place[],
): Promise<(place: Place) => string | null> {
  const nameByPlace = await readNames(store, places);
  const nameless = places.filter((place) => nameByPlace.get(placeKey(place)) === undefined);
  const joinedByPlace = await readJoined(store, nameless);
  const joinedNames = await readNames(store, [...joinedByPlace.values()].flat());
  return (place) => {
    const name = nameByPlace.get(placeKey(place));
    if (name !== undefined) return name;
    const joined = joinedByPlace.get(placeKey(place)) ?? [];
    const names = joined.map((each) => joinedNames.get(placeKey(each))).filter((each) => each !== undefined);
    return names.length === 0 ? null : names.slice(0, mostJoined).join(' · ');
  };
}

async function readNames(store: Store, places: readonly Place[]): Promise<ReadonlyMap<string, string>> {
  const named = await readRecordNames(store, places);
  return new Map(named.flatMap((each) => (each.name === null ? [] : [[placeKey(each), each.name]])));
}

/** The records that each of these names, in the order of its members. */
async function readJoined(
  store: Store,
  places: readonly Place[],
): Promise<ReadonlyMap<string, readonly Place[]>> {
  const joined = new Map<string, readonly Place[]>();
  const placesByScope = Map.groupBy(places, ({ integrationId, entityType }) =>
    JSON.stringify([integrationId, entityType]),
  );
  for (const [first, ...rest] of placesByScope.values()) {
    if (first === undefined || !isEntityType(first.entityType)) continue;
    const { customerId, integrationId, entityType } = first;
    const ids = [first, ...rest].map(({ recordId }) => recordId);
    const stored = await readRecords(store, { customerId, integrationId, entityType }, ids);
    for (const { recordId, value, base } of stored.values()) {
      const found = referencesIn(first.entityType, recordId, value ?? base ?? {});
      const targets = found.filter(isId).map(({ entityType: target, id }) => ({
        customerId,
        integrationId,
        entityType: target,
        recordId: id,
      }));
      joined.set(placeKey({ integrationId, entityType, recordId }), targets);
    }
  }
  return joined;
}

/** What a vendor writes there need not be one. */
function isId({ id }: RecordReference): boolean {
  return id.length <= 255 && id.isWellFormed();
}

function placeKey({ integrationId, entityType, recordId }: Omit<Place, 'customerId'>): string {
  return JSON.stringify([integrationId, entityType, recordId]);
}
