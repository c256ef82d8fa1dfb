import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { isJsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';

/** Stored as it came of a sync. */
export interface CanonicalRow {
  readonly entityType: EntityType;
  readonly id: string;
  readonly value: JsonObject;
}

/** A canonical row without what is its vendor's own (ids, dates of change, `metadata`): what it points to is named, not numbered. */
export interface ComparableRow {
  /** By which people know it in every system. */
  readonly name: string;
  readonly members: JsonObject;
}

/** By what people are known: their number in the school's own system, or their address, for vendors that are not told the number. */
export type PersonMark = 'identifier' | 'email';

export type ComparableRows = ReadonlyMap<EntityType, readonly ComparableRow[]>;

/** Of a row whose references are named. */
const nameMembers: Readonly<Record<EntityType, readonly string[]>> = {
  org: ['name'],
  academicSession: ['title'],
  course: ['title'],
  class: ['title'],
  user: [],
  enrollment: ['userSourcedId', 'classSourcedId', 'role'],
  demographics: [],
  category: ['title'],
  lineItem: ['title', 'classSourcedId'],
  result: ['lineItemSourcedId', 'studentSourcedId'],
  attendanceEvent: ['studentSourcedId', 'date', 'classSourcedId'],
  assessment: ['title'],
  assessmentResult: ['assessmentSourcedId', 'studentSourcedId'],
};

/** Where a member points to another entity type than its name says. */
const targets: Readonly<Record<string, EntityType>> = {
  school: 'org',
  primaryOrg: 'org',
  student: 'user',
  agent: 'user',
  term: 'academicSession',
  schoolYear: 'academicSession',
  gradingPeriod: 'academicSession',
};

const ownToTheVendor = new Set(['metadata', 'dateLastModified']);

/** Pure. Names what every row points to, and leaves out what only its vendor knows. */
export function toComparable(rows: readonly CanonicalRow[], mark: PersonMark): ComparableRows {
  const byPlace = new Map(rows.map((row) => [`${row.entityType} ${row.id}`, row]));

  function nameAt(entityType: EntityType, id: string): string {
    const row = byPlace.get(`${entityType} ${id}`);
    return row === undefined ? 'nobody knows it' : nameOf(row);
  }

  function nameOf({ entityType, id, value }: CanonicalRow): string {
    // These stand under their user's id.
    if (entityType === 'demographics') return nameAt('user', id);
    const members = entityType === 'user' ? [mark] : nameMembers[entityType];
    return members
      .map((member) => JSON.stringify(named(entityType, member, value[member] ?? null)))
      .join(' ');
  }

  function withNames(entityType: EntityType, value: JsonObject): JsonObject {
    const members = Object.entries(value).filter(([member]) => !ownToTheVendor.has(member));
    return Object.fromEntries(
      members.map(([member, content]) => [member, named(entityType, member, content)]),
    );
  }

  function named(entityType: EntityType, member: string, content: JsonValue): JsonValue {
    if (Array.isArray(content)) return sorted(content.map((item) => named(entityType, member, item)));
    if (isJsonObject(content)) return withNames(entityType, content);
    const [, one] = /^(.*)SourcedIds?$/.exec(member) ?? [];
    if (one === undefined || typeof content !== 'string') return content;
    // The parent of an org is an org, that of a session a session.
    return nameAt(one === 'parent' ? entityType : (targets[one] ?? (one as EntityType)), content);
  }

  const groups = Map.groupBy(rows, ({ entityType }) => entityType);
  return new Map(
    [...groups].map(([entityType, list]) => [
      entityType,
      list.map((row) => ({ name: nameOf(row), members: withNames(entityType, row.value) })),
    ]),
  );
}

/** No list of the model is one whose order means anything to a school. */
function sorted(list: readonly JsonValue[]): readonly JsonValue[] {
  return list.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
}
