import { Failure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { PageCursor, PageEvidence } from './paging.ts';

/** A page as it came. `url`: where from. */
export interface ReceivedPage {
  readonly base: URL;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: JsonValue;
  readonly records: readonly JsonValue[];
}

export interface NextPage {
  /** Null: this was the last page, and `evidence.endMarker` says why. */
  readonly cursor: PageCursor | null;
  readonly evidence: PageEvidence;
}

/** Pure. A count as headers and queries write it. */
export function parseCount(text: string | null | undefined): number | undefined {
  return /^\s*\d{1,15}\s*$/.test(text ?? '') ? Number(text) : undefined;
}

/** Pure. The failure of a vendor whose pages do not lead to the list's end. */
export function astray(message: string, problem: string): Failure {
  return new Failure('vendor_answer_invalid', message, { data: { problem } });
}
