/** Pure. What a vendor's author imports. */
export type { AuthStyle } from '../http/auth.ts';
export { defineApi } from './define-api.ts';
export { type Collection, defineEntity, type Reading } from './define-entity.ts';
export { defineVendor, type QueueProfile, type Vendor } from './define-vendor.ts';
export { present } from './present.ts';
