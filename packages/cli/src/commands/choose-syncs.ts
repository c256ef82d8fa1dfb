import { entityTypeFacts, type Family, families, isEntityType } from '@flotilla/substrate/model';

export interface SyncChoice extends Readonly<Partial<Record<Family, true>>> {
  readonly entityType?: readonly string[];
}

/** A call of one sync method: each covers one family of entity types. */
export interface PlannedSync {
  readonly family: Family;
  /** Only these; left out: all of the family. */
  readonly entityTypes?: readonly string[];
  /** Nobody asked for it by name: a provider without any of its lists is one whose rosters are all there is. */
  readonly isOptional: boolean;
}

/**
 * Pure. What to sync of a vendor that offers these entity types, in this order: all of it, or what the flags name. A name that is no entity
 * type goes along with what is called first, so that the service says what is wrong with it.
 */
export function chooseSyncs(choice: SyncChoice, offered: readonly string[]): readonly PlannedSync[] {
  const named = families.filter((family) => choice[family]);
  const wanted = named.length > 0 ? named : families.filter((family) => hasAny(offered, family));
  const [first] = wanted;
  const { entityType: chosen } = choice;
  if (chosen === undefined) {
    return wanted.map((family) => ({
      family,
      isOptional: family !== 'rosters' && named.length === 0 && family !== first,
    }));
  }
  return wanted
    .map((family) => ({
      family,
      entityTypes: chosen.filter((name) => {
        const itsFamily = familyOf(name);
        const isForAnother = itsFamily !== undefined && wanted.includes(itsFamily);
        return isForAnother ? itsFamily === family : family === first;
      }),
      isOptional: false,
    }))
    .filter(({ entityTypes }) => entityTypes.length > 0);
}

function hasAny(names: readonly string[], family: Family): boolean {
  return names.some((name) => familyOf(name) === family);
}

function familyOf(name: string): Family | undefined {
  return isEntityType(name) ? entityTypeFacts(name).family : undefined;
}
