import type { FailureCode } from '../../failure/codes.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { readFailureOf } from '../../vendor/read-failure.ts';

/** What a status in answer to a list means where the vendor departs from the default table, whatever the answer says besides. */
export function declaredFailure({ api }: Vendor, status: number): FailureCode | undefined {
  return readFailureOf(api)({ purpose: 'list', status, headers: {}, json: undefined, text: '' });
}
