/** Pure. What a vendor's author imports. */
export type { AuthStyle } from '../http/auth.ts';
export type { Paging } from '../http/paging.ts';
export type { VendorAnswer } from '../http/vendor-answer.ts';
export type { BatchedRecord, BatchWrite, JobFailure, JobState } from './batch-write.ts';
export { defineApi } from './define-api.ts';
export {
  type Collection,
  defineEntity,
  type EntityWrite,
  type Reading,
  type WriteRequest,
  type WrittenRecord,
} from './define-entity.ts';
export { defineVendor, type QueueProfile, type Vendor } from './define-vendor.ts';
export type { DeltaList, DeltaWord, Feed } from './feed.ts';
export { present } from './present.ts';
export { at, type Members, recordShape, toWireMembers } from './record-shape.ts';
