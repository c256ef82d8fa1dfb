/** Pure. What a vendor's author imports. */
export type { AuthStyle } from '../http/auth.ts';
export type { Paging } from '../http/paging.ts';
export type { VendorAnswer } from '../http/vendor-answer.ts';
export { agreed } from './agreed.ts';
export { baseUrlAbove } from './base-url.ts';
export type { BatchedRecord, BatchWrite, JobFailure, JobState } from './batch-write.ts';
export { ClientCredentials } from './client-credentials.ts';
export { toCsv } from './csv-text.ts';
export { dayAndTime } from './day-and-time.ts';
export { defineApi, setting } from './define-api.ts';
export {
  type Collection,
  defineEntity,
  type EntityWrite,
  type Reading,
  type WriteRequest,
  type WrittenRecord,
} from './define-entity.ts';
export { defineVendor, type QueueProfile, type Vendor } from './define-vendor.ts';
export { demand } from './demand.ts';
export { externalIds } from './external-ids.ts';
export type { DeltaList, DeltaWord, Feed } from './feed.ts';
export { changedIn, deletedIn } from './feed-lists.ts';
export { gradeOf } from './grade.ts';
export { inherited } from './inherited.ts';
export { jobStateBy } from './job-table.ts';
export { defineJoin, type Join, type Said } from './join.ts';
export { joined, joinedIdIn, joinedTo, joinIds, splitId } from './joined-id.ts';
export { listsAmong } from './lists-among.ts';
export { lookup } from './lookup.ts';
export { metadataOf, unlessUsual } from './metadata.ts';
export { namesIn } from './names-in.ts';
export { naturalKeys } from './natural-keys.ts';
export { naturalResources } from './natural-resources.ts';
export { present } from './present.ts';
export { raceMembers } from './race-members.ts';
export { below, readFrom } from './read-from.ts';
export {
  always,
  at,
  type Members,
  recordShape,
  type Shape,
  shapeAmong,
  type Table,
  toWireMembers,
  type WireMembers,
} from './record-shape.ts';
export { type RecordWrite, recordWrite, withElement } from './record-write.ts';
export { inOrder, rolesAt } from './roles-at.ts';
export { saidShape } from './said-shape.ts';
export { shapeWhere } from './shape-where.ts';
export { theOnly } from './the-only.ts';
export { toWirePatch } from './to-wire-patch.ts';
export { toWireRecord } from './to-wire-record.ts';
export { together } from './together.ts';
export { type Upserted, upsertWrite } from './upsert-write.ts';
export { dayBegins, dayEnds, dayOf, zonedDay } from './zoned-day.ts';
