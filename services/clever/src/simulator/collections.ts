import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  plainId,
  type RecordStore,
  type WireRecords,
} from '@flotilla/substrate/testing/simulator/record-store';

export const collections = [
  'districts',
  'schools',
  'terms',
  'courses',
  'sections',
  'users',
  'resources',
  'attendance',
] as const;
export type CollectionName = (typeof collections)[number];

/** Those of the Data API, whose changes the Events API tells. */
export const dataCollections = collections.filter((name) => name !== 'attendance');

/** Pure. Attendance alone has its id under another name. */
export function idOf({ id, clever_id }: JsonObject): string {
  return plainId({ id: id ?? clever_id ?? '' });
}

export type CleverRecords = WireRecords<CollectionName>;
export type CleverStore = RecordStore<CollectionName>;

export const versions = ['3.0', '3.1'] as const;
export type Version = (typeof versions)[number];

/** Members that came with 3.1. */
const newer: Readonly<Partial<Record<CollectionName, readonly string[]>>> = {
  districts: ['last_attendance_sync', 'lms_state', 'lms_type'],
  sections: ['lms_status'],
  users: ['lms_status'],
};
const newerOfStudents = [
  'disability',
  'frl_status',
  'gifted_status',
  'home_language',
  'home_language_code',
  'iep_status',
  'preferred_name',
  'section_504_status',
];

/** These say when they were touched; the others do not, whoever edits them. */
const dated: readonly CollectionName[] = ['schools', 'sections', 'users', 'attendance'];

/** Pure. The record as a version shows it. */
export function underVersion(record: JsonObject, collection: CollectionName, version: Version): JsonObject {
  const known = dated.includes(collection) ? record : without(record, ['last_modified']);
  if (version === '3.1') return known;
  const shown = without(known, newer[collection] ?? []);
  const roles = shown.roles as { readonly student?: JsonObject } | undefined;
  if (collection !== 'users' || roles?.student === undefined) return shown;
  return { ...shown, roles: { ...roles, student: without(roles.student, newerOfStudents) } };
}

function without(record: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !members.includes(name)));
}
