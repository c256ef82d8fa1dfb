import { expect, test } from 'vitest';
import { statusToFailureCode } from './status-failures.ts';

test.each([
  // status, JSON?, list, read, write
  [200, true, undefined, undefined, undefined],
  [201, false, undefined, undefined, undefined],
  [204, false, undefined, undefined, undefined],
  [302, false, 'vendor_answer_invalid', 'vendor_answer_invalid', 'vendor_answer_invalid'],
  [304, false, 'vendor_answer_invalid', 'vendor_answer_invalid', 'vendor_answer_invalid'],
  [400, true, 'vendor_answer_invalid', 'vendor_answer_invalid', 'push_rejected'],
  [401, true, 'credentials_rejected', 'credentials_rejected', 'credentials_rejected'],
  [403, true, 'credentials_rejected', 'credentials_rejected', 'push_rejected'],
  [404, true, 'vendor_answer_invalid', 'not_found', 'push_rejected'],
  [407, false, 'gateway_unavailable', 'gateway_unavailable', 'gateway_unavailable'],
  [408, true, 'vendor_unavailable', 'vendor_unavailable', 'vendor_unavailable'],
  [409, true, 'vendor_answer_invalid', 'vendor_answer_invalid', 'push_rejected'],
  [413, false, 'too_large', 'too_large', 'push_rejected'],
  [422, true, 'vendor_answer_invalid', 'vendor_answer_invalid', 'push_rejected'],
  [429, false, 'rate_limited', 'rate_limited', 'rate_limited'],
  [500, true, 'vendor_unavailable', 'vendor_unavailable', 'vendor_unavailable'],
  [500, false, 'vendor_unavailable', 'vendor_unavailable', 'vendor_unavailable'],
  [501, true, 'vendor_answer_invalid', 'vendor_answer_invalid', 'push_rejected'],
  [502, true, 'vendor_unavailable', 'vendor_unavailable', 'vendor_unavailable'],
  [502, false, 'gateway_unavailable', 'gateway_unavailable', 'gateway_unavailable'],
  [503, false, 'gateway_unavailable', 'gateway_unavailable', 'gateway_unavailable'],
  [504, false, 'gateway_unavailable', 'gateway_unavailable', 'gateway_unavailable'],
  [522, false, 'gateway_unavailable', 'gateway_unavailable', 'gateway_unavailable'],
  [599, true, 'vendor_unavailable', 'vendor_unavailable', 'vendor_unavailable'],
] as const)(
  '%i (JSON: %s) means %s for a list, %s for a read, %s for a write',
  (status, isJson, list, read, write) => {
    expect(statusToFailureCode(status, 'list', isJson)).toBe(list);
    expect(statusToFailureCode(status, 'read', isJson)).toBe(read);
    expect(statusToFailureCode(status, 'write', isJson)).toBe(write);
  },
);
