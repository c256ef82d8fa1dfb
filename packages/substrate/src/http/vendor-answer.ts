import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { readJson } from './read-json.ts';
import type { RequestPurpose } from './status-failures.ts';
import type { TransportResponse } from './transport.ts';

/** An answer as a vendor's pure functions see it, to say what it means. */
export interface VendorAnswer {
  /** What was asked for, because the same answer means different things; `token`: at the token endpoint. */
  readonly purpose: RequestPurpose | 'token';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body parsed; undefined where it cannot be. */
  readonly json: JsonValue | undefined;
  /** The beginning of the body, at most 16 KiB of it: for vendors that refuse in plain words. */
  readonly text: string;
}

/** Pure. Where a vendor departs from the default table; undefined leaves the answer to it. */
export type ReadFailure = (answer: VendorAnswer) => FailureCode | undefined;

/** Pure. Parses and decodes only what is asked for: most answers are pages whose status says enough. */
export function toVendorAnswer(
  { status, headers, body }: TransportResponse,
  purpose: VendorAnswer['purpose'],
  parse: () => JsonValue = () => readJson({ headers, body }),
): VendorAnswer {
  return {
    purpose,
    status,
    headers,
    get json() {
      try {
        return parse();
      } catch (thrown) {
        if (thrown instanceof Failure) return undefined;
        throw thrown;
      }
    },
    get text() {
      return new TextDecoder().decode(body.subarray(0, 16_384));
    },
  };
}
