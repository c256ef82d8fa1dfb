import { type Actor, type FailureCode, factsOf, type RetryVerdict } from '../failure/codes.ts';
import type { JsonObject } from '../json/json-value.ts';
import { boundData, longestAnswer } from './bound-data.ts';
import { beginningOf } from './cut-members.ts';
import type { RecordedFailure } from './recorded-failure.ts';

/** What the vendor answered, word for word: as far as it was kept, which is 8,000 characters where it refused a record, else 500. */
export interface VendorAnswer {
  readonly status: number | null;
  /** Such as `PUT /ims/oneroster/v1p1/users/7`. */
  readonly request: string | null;
  readonly text: string | null;
}

/** Something that somebody should know, and perhaps mend. */
export interface ReportProblem {
  readonly code: FailureCode;
  /** The kind of it in words, such as `The vendor refused the credentials`. */
  readonly title: string;
  readonly entityType: string | null;
  readonly recordId: string | null;
  /** What people call the record, where that is known. */
  readonly name?: string;
  /** Where it stood, for a record without an id: page and place, from 1. */
  readonly place: string | null;
  readonly message: string;
  readonly data: JsonObject;
  /** Of members of the data that are cut, how long they are: a text in characters, a list in items. A long `excerpt` is whole in `vendorAnswer`. */
  readonly cut?: Readonly<Record<string, number>>;
  /** Null where no answer of the vendor is behind it. */
  readonly vendorAnswer: VendorAnswer | null;
  readonly retry: RetryVerdict;
  /** The same in words: whether it is tried again, and by whom. */
  readonly again: string;
  readonly actor: Actor;
  readonly advice: string;
}

/** Pure. A failure as people read it. `isEnded`: the run is over. */
export function describeProblem(
  { code, message, data }: RecordedFailure,
  isEnded: boolean,
  where: {
    readonly entityType?: string;
    readonly recordId?: string | null;
    readonly place?: string;
    readonly advice?: string;
  },
): ReportProblem {
  const { retry, actor, advice } = factsOf(code);
  const { data: kept, cut } = boundData(data);
  return {
    code,
    title: titles[code] ?? message,
    entityType: where.entityType ?? null,
    recordId: where.recordId ?? null,
    place: where.place ?? null,
    message,
    data: kept,
    ...(cut === undefined ? {} : { cut }),
    vendorAnswer: vendorAnswerIn(data),
    retry,
    again: describeRetry(retry, isEnded),
    actor,
    advice: where.advice ?? advice,
  };
}

const titles: Partial<Record<FailureCode, string>> = {
  vendor_unavailable: "The vendor's server does not answer",
  gateway_unavailable: 'The way to the vendor is broken',
  credentials_rejected: 'The vendor refuses the credentials',
  rate_limited: 'The vendor asks to slow down',
  duplicate_id: 'Two records have one id',
  verification_failed: 'What the vendor sent is not sound',
  vendor_answer_invalid: "The vendor's answer cannot be read",
  incomplete_fetch: 'Not everything came',
  cursor_expired: 'The vendor forgot its place in a list',
  merge_conflict: 'Both sides changed the same field',
  push_rejected: 'The vendor did not take a record',
  limit_exceeded: 'More would change than is allowed',
  record_quarantined: 'A record was left out',
  revert_refused: 'The run cannot be taken back',
  internal: 'A fault of Flotilla',
};

function describeRetry(retry: RetryVerdict, isEnded: boolean): string {
  if (retry === 'never') return 'Not retried in this run.';
  return isEnded
    ? 'It was tried again until the run gave up; the next run tries anew.'
    : 'Retried by itself.';
}

/** Where the data of an HTTP failure have it (`http/response-failure.ts`). */
function vendorAnswerIn({ status, method, path, excerpt }: JsonObject): VendorAnswer | null {
  if (typeof status !== 'number' && typeof excerpt !== 'string') return null;
  return {
    status: typeof status === 'number' ? status : null,
    request: typeof method === 'string' && typeof path === 'string' ? `${method} ${path}` : null,
    text: typeof excerpt === 'string' ? beginningOf(excerpt, longestAnswer) : null,
  };
}

/** Pure. What is known of a problem beyond what the vendor's answer tells. */
export function factsBesideAnswer({
  data,
  vendorAnswer,
}: Pick<ReportProblem, 'data' | 'vendorAnswer'>): JsonObject {
  if (vendorAnswer === null) return data;
  const {
    excerpt: _excerpt,
    status: _status,
    method: _method,
    path: _path,
    contentType: _contentType,
    ...rest
  } = data;
  const { problem, ...others } = rest;
  return problem === 'status' ? others : rest;
}
