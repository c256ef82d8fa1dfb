import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { RecordStore } from '@flotilla/substrate/testing/simulator/record-store';
import { adminUserId, rootAccountId } from './canvas-id.ts';
import type { CollectionName } from './district-records.ts';

export type CanvasStore = RecordStore<CollectionName>;

const sisNames = {
  accounts: 'sis_account_id',
  terms: 'sis_term_id',
  courses: 'sis_course_id',
  sections: 'sis_section_id',
  users: 'sis_user_id',
} as const;
export type SisCollection = keyof typeof sisNames;

/** A record by what stands in a path: its id, `self`, or the SIS's own as in `sis_user_id:4711`. */
export function findIn(store: CanvasStore, collection: SisCollection, text = ''): JsonObject | undefined {
  const sisName = sisNames[collection];
  if (text.startsWith(`${sisName}:`)) return findBySis(store, collection, text.slice(sisName.length + 1));
  if (collection === 'users' && text.startsWith('sis_login_id:'))
    return store.where('users', 'login_id', text.slice(13))[0];
  const selves: Partial<Record<SisCollection, string>> = { accounts: rootAccountId, users: adminUserId };
  return store.where(collection, 'id', text === 'self' ? (selves[collection] ?? '') : text)[0];
}

export function findBySis(
  store: CanvasStore,
  collection: SisCollection,
  sisId: string,
): JsonObject | undefined {
  return store.where(collection, sisNames[collection], sisId)[0];
}
