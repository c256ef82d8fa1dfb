import type { FailureCode } from '@flotilla/substrate/failure/codes';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorAnswer } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What Edlink's words mean to us. It says nearly all of them with status 400; those that are not here go by their status. */
const meanings: Readonly<Record<string, FailureCode>> = {
  INVALID_TOKEN: 'credentials_rejected',
  EXPIRED_TOKEN: 'credentials_rejected',
  UNSHARED_TOKEN: 'credentials_rejected',
  INVALID_PROVIDER_TOKEN: 'credentials_rejected',
  INVALID_INTEGRATION_STATE: 'credentials_rejected',
  INTERNAL: 'vendor_unavailable',
  UNKNOWN: 'vendor_unavailable',
  NOT_FOUND: 'not_found',
};

/** What a read says of one class, or of one assignment: it has no gradebook that we could see. A write with these is refused. */
const absences: readonly string[] = [
  'ENTITY_NOT_PRESENT_IN_SOURCE',
  'NO_PERMISSION',
  'UNSUPPORTED_OPERATION',
];

/** Pure. What a 400 means, by the codes in it. Other statuses mean what they mean everywhere. */
export function failureIn({ purpose, status, json }: VendorAnswer): FailureCode | undefined {
  if (status !== 400) return undefined;
  const codes = errorCodesIn(json);
  const known = codes.map((code) => meanings[code]).find((meaning) => meaning !== undefined);
  if (known !== undefined) return known;
  return purpose !== 'write' && codes.some((code) => absences.includes(code)) ? 'not_found' : undefined;
}

const Refusal = z.object({ $errors: z.array(z.object({ code: z.string() })) });

/** Pure. The codes in `$errors`. */
export function errorCodesIn(json: JsonValue | undefined): readonly string[] {
  return Refusal.safeParse(json).data?.$errors.map(({ code }) => code) ?? [];
}
