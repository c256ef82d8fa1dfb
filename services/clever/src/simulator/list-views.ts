import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { plainId } from '@flotilla/substrate/testing/simulator/record-store';
import type { CleverStore, CollectionName } from './collections.ts';

/** A list below a record: `/schools/:id/sections`. */
export interface ListView {
  readonly of: CollectionName;
  readonly name: string;
  readonly collection: CollectionName;
  /** Which roles may be asked for; absent: no parameter `role`. */
  readonly roles?: readonly string[];
  /** Whether there is a parameter `primary`, for those whose first school it is. */
  readonly hasPrimary?: true;
  readonly list: (store: CleverStore, record: JsonObject) => readonly JsonObject[];
}

/** One record below a record: `/sections/:id/course`. */
export interface RecordView {
  readonly of: CollectionName;
  readonly name: string;
  readonly collection: CollectionName;
  readonly idIn: (record: JsonObject) => string;
}

export const userRoles = ['contact', 'district_admin', 'staff', 'student', 'teacher'] as const;

function sectionsOf(store: CleverStore, member: string, record: JsonObject): readonly JsonObject[] {
  return store.where('sections', member, plainId(record));
}

function textsIn(record: JsonObject, ...members: readonly string[]): readonly string[] {
  return members
    .flatMap((member) => record[member] ?? [])
    .flatMap((value) => (typeof value === 'string' ? [value] : []));
}

/** The different records that a member of other records names. */
function namedBy(
  store: CleverStore,
  collection: CollectionName,
  records: readonly JsonObject[],
  ...members: readonly string[]
): readonly JsonObject[] {
  return recordsOf(
    store,
    collection,
    records.flatMap((record) => textsIn(record, ...members)),
  );
}

/** The different ones among those that there are. */
function recordsOf(
  store: CleverStore,
  collection: CollectionName,
  ids: readonly string[],
): readonly JsonObject[] {
  return [...new Set(ids)].map((id) => store.get(collection, id)).filter((record) => record !== undefined);
}

export function roleOf(user: JsonObject, role: string): JsonObject | undefined {
  const roles = isJsonObject(user.roles) ? user.roles : {};
  const held = roles[role];
  return isJsonObject(held) ? held : undefined;
}

function schoolsOf(user: JsonObject): readonly string[] {
  return userRoles.flatMap((role) => textsIn(roleOf(user, role) ?? {}, 'school', 'schools'));
}

function studentsOf(contact: JsonObject): readonly string[] {
  const relationships = roleOf(contact, 'contact')?.student_relationships;
  if (!Array.isArray(relationships)) return [];
  return relationships.flatMap((one) => (isJsonObject(one) ? textsIn(one, 'student') : []));
}

function none(): readonly JsonObject[] {
  return [];
}

const atSchools = ['staff', 'student', 'teacher'];

/** Pure. Every list below a record that Clever's OpenAPI document has. */
export const listViews: readonly ListView[] = [
  {
    of: 'schools',
    name: 'sections',
    collection: 'sections',
    list: (store, one) => sectionsOf(store, 'school', one),
  },
  {
    of: 'schools',
    name: 'courses',
    collection: 'courses',
    list: (store, one) => namedBy(store, 'courses', sectionsOf(store, 'school', one), 'course'),
  },
  {
    of: 'schools',
    name: 'terms',
    collection: 'terms',
    list: (store, one) => namedBy(store, 'terms', sectionsOf(store, 'school', one), 'term_id'),
  },
  {
    of: 'schools',
    name: 'users',
    collection: 'users',
    roles: atSchools,
    hasPrimary: true,
    list: (store, one) => store.list('users').filter((user) => schoolsOf(user).includes(plainId(one))),
  },
  {
    of: 'sections',
    name: 'users',
    collection: 'users',
    roles: ['student', 'teacher'],
    list: (store, one) => namedBy(store, 'users', [one], 'teachers', 'students'),
  },
  { of: 'sections', name: 'resources', collection: 'resources', list: none },
  {
    of: 'courses',
    name: 'sections',
    collection: 'sections',
    list: (store, one) => sectionsOf(store, 'course', one),
  },
  {
    of: 'courses',
    name: 'schools',
    collection: 'schools',
    list: (store, one) => namedBy(store, 'schools', sectionsOf(store, 'course', one), 'school'),
  },
  { of: 'courses', name: 'resources', collection: 'resources', list: none },
  {
    of: 'terms',
    name: 'sections',
    collection: 'sections',
    list: (store, one) => sectionsOf(store, 'term_id', one),
  },
  {
    of: 'terms',
    name: 'schools',
    collection: 'schools',
    list: (store, one) => namedBy(store, 'schools', sectionsOf(store, 'term_id', one), 'school'),
  },
  {
    of: 'users',
    name: 'sections',
    collection: 'sections',
    list: (store, one) => [...sectionsOf(store, 'students', one), ...sectionsOf(store, 'teachers', one)],
  },
  {
    of: 'users',
    name: 'schools',
    collection: 'schools',
    hasPrimary: true,
    list: (store, one) => recordsOf(store, 'schools', schoolsOf(one)),
  },
  {
    of: 'users',
    name: 'mycontacts',
    collection: 'users',
    list: (store, one) => store.list('users').filter((user) => studentsOf(user).includes(plainId(one))),
  },
  {
    of: 'users',
    name: 'mystudents',
    collection: 'users',
    list: (store, one) =>
      roleOf(one, 'contact') === undefined
        ? namedBy(store, 'users', sectionsOf(store, 'teachers', one), 'students')
        : recordsOf(store, 'users', studentsOf(one)),
  },
  {
    of: 'users',
    name: 'myteachers',
    collection: 'users',
    list: (store, one) => namedBy(store, 'users', sectionsOf(store, 'students', one), 'teachers'),
  },
  { of: 'users', name: 'resources', collection: 'resources', list: none },
  { of: 'resources', name: 'courses', collection: 'courses', list: none },
  { of: 'resources', name: 'sections', collection: 'sections', list: none },
  { of: 'resources', name: 'users', collection: 'users', roles: ['student', 'teacher'], list: none },
];

function named(of: CollectionName, name: string, collection: CollectionName, member = name): RecordView {
  return { of, name, collection, idIn: (record) => textsIn(record, member)[0] ?? '' };
}

export const recordViews: readonly RecordView[] = [
  named('schools', 'district', 'districts'),
  named('sections', 'district', 'districts'),
  named('courses', 'district', 'districts'),
  named('terms', 'district', 'districts'),
  named('users', 'district', 'districts'),
  named('sections', 'course', 'courses'),
  named('sections', 'school', 'schools'),
  named('sections', 'term', 'terms', 'term_id'),
];

/** Whether `school` is the first one of a user's, in any role. */
export function isPrimary(user: JsonObject, school: string): boolean {
  return userRoles.some((role) => textsIn(roleOf(user, role) ?? {}, 'school', 'schools')[0] === school);
}
