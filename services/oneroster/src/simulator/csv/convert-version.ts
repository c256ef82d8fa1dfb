import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { idOf, refId, refIds } from '../references.ts';
import type { CollectionName, Version } from '../wire-fields.ts';

export type MutableRecords = Partial<Record<CollectionName, JsonObject[]>>;

export interface ConvertedRecords {
  readonly records: MutableRecords;
  /** What the other version cannot say and is left out: `users.pronouns`. */
  readonly lost: readonly string[];
}

/** Pure. A 1.1 set as 1.2 objects, or the reverse. */
export function convertVersion(records: MutableRecords, to: Version): ConvertedRecords {
  if (to === '1.2') return { records: toNewer(records), lost: [] };
  return { records: toOlder(records), lost: lostMembers(records) };
}

function lostMembers(records: MutableRecords): readonly string[] {
  const lost = new Set((records.scoreScales ?? []).map(() => 'scoreScales'));
  function look(collection: CollectionName, names: readonly string[]): void {
    for (const record of records[collection] ?? []) {
      for (const name of names) if (record[name] !== undefined) lost.add(`${collection}.${name}`);
    }
  }
  // Roles and primary orgs live on as role and orgs.
  look(
    'users',
    newerUser.filter((name) => name !== 'roles' && name !== 'primaryOrg'),
  );
  look(
    'results',
    newerResult.filter((name) => name !== 'class'),
  );
  look('categories', ['weight']);
  return [...lost];
}

function toNewer(records: MutableRecords): MutableRecords {
  const districts = new Set(
    (records.orgs ?? []).filter((org) => org.type === 'district').map((org) => idOf(org)),
  );
  const schoolOfClass = new Map((records.classes ?? []).map((one) => [idOf(one), one.school]));
  const classOfLineItem = new Map((records.lineItems ?? []).map((one) => [idOf(one), one.class]));
  return {
    ...records,
    users: (records.users ?? []).map(({ role, orgs, ...rest }) => {
      const references = Array.isArray(orgs) ? orgs.filter((org: JsonValue) => isJsonObject(org)) : [];
      const roles = references.map((org) => {
        const newer =
          role === 'administrator'
            ? districts.has(refId(org) ?? '')
              ? 'districtAdministrator'
              : 'siteAdministrator'
            : role;
        return { roleType: 'primary', ...(newer === undefined ? {} : { role: newer }), org };
      });
      return { ...rest, roles, ...(references[0] === undefined ? {} : { primaryOrg: references[0] }) };
    }),
    lineItems: (records.lineItems ?? []).map((item) =>
      withMember(item, 'school', schoolOfClass.get(refId(item.class) ?? '')),
    ),
    results: (records.results ?? []).map((one) =>
      withMember(one, 'class', classOfLineItem.get(refId(one.lineItem) ?? '')),
    ),
  };
}

const newerUser = [
  'roles',
  'primaryOrg',
  'userProfiles',
  'userMasterIdentifier',
  'preferredFirstName',
  'preferredMiddleName',
  'preferredLastName',
  'pronouns',
  'resources',
];
const newerResult = ['class', 'textScore', 'inProgress', 'incomplete', 'late', 'missing'];

function toOlder(records: MutableRecords): MutableRecords {
  return {
    ...records,
    scoreScales: [],
    users: (records.users ?? []).map((user) => {
      const { roles, primaryOrg } = user;
      const list = Array.isArray(roles) ? roles.filter((role: JsonValue) => isJsonObject(role)) : [];
      const primary = list.filter((role) => role.roleType === 'primary');
      const main = primary.find((role) => refId(role.org) === refId(primaryOrg)) ?? primary[0] ?? list[0];
      const named = new Map(list.map((role) => [refId(role.org), role.org]));
      if (named.size === 0) named.set(refId(primaryOrg), primaryOrg);
      const orgs = [...named.values()].filter((org) => org !== undefined);
      return withMember({ ...without(user, newerUser), orgs }, 'role', olderRole(main?.role));
    }),
    categories: (records.categories ?? []).map((category) => without(category, ['weight'])),
    lineItems: (records.lineItems ?? []).map((item) =>
      withMember(without(item, ['school', 'academicSession']), 'gradingPeriod', item.academicSession),
    ),
    results: (records.results ?? []).map((result) => without(result, newerResult)),
  };
}

/** 1.1 has fewer roles; what it cannot say it says more broadly. */
function olderRole(role: JsonValue | undefined): JsonValue | undefined {
  if (
    role === 'principal' ||
    role === 'siteAdministrator' ||
    role === 'districtAdministrator' ||
    role === 'systemAdministrator'
  ) {
    return 'administrator';
  }
  return role === 'counselor' ? 'aide' : role;
}

function withMember(record: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  return value === undefined || record[name] !== undefined ? record : { ...record, [name]: value };
}

function without(record: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** Pure. References downwards that CSV lacks and REST has: every org and session names its children. */
export function addChildren(
  records: readonly JsonObject[],
  reference: (id: string) => JsonObject,
): JsonObject[] {
  const children = Map.groupBy(records, (record) => refId(record.parent));
  return records.map((record) => {
    const own = children.get(idOf(record)) ?? [];
    return own.length === 0 ? record : { ...record, children: own.map((child) => reference(idOf(child))) };
  });
}

/** Pure. Ids of objects that a list of references names more than once are named once. */
export function addReference(record: JsonObject, name: string, reference: JsonObject): JsonObject {
  const known = record[name];
  if (refIds(known).includes(refId(reference) ?? '')) return record;
  return { ...record, [name]: [...(Array.isArray(known) ? (known as readonly JsonValue[]) : []), reference] };
}
