import type { JsonValue } from '../json/json-value.ts';
import type { VendorAnswer } from './vendor-answer.ts';

/** Pure. How a vendor cuts a list into pages, as data and pure functions in the vendor's description. */
export type Paging = SinglePage | OffsetPaging | LinkPaging | BodyLinkPaging | TokenPaging;

/** The whole list comes in one answer. */
export interface SinglePage {
  readonly kind: 'single';
}

/** Where the vendor tells the size of the whole list, if it does; the header goes first. */
interface Total {
  readonly totalHeader?: string;
  readonly totalIn?: (json: JsonValue) => number | undefined;
}

/** What the first request says about the size of a page, where the vendor may be told. Both or neither. */
interface FirstPage {
  readonly sizeParameter?: string;
  /** >= 1. The vendor may send fewer. */
  readonly pageSize?: number;
}

/** What leads to the next page may be good for some time only. */
interface Expiring {
  /**
   * Whether the answer to a page says that its cursor is no longer known: it fails with `cursor_expired`, and the list is begun anew.
   * Never asked about a list's first page. Nothing else that is wrong with the request may answer true.
   */
  readonly isExpired?: (answer: VendorAnswer) => boolean;
}

/**
 * `?limit=100&offset=200`. The next page is where the answer's `Link: rel="next"` points (only its offset and limit are taken:
 * providers send links with http:// or an internal host), else after the records received so far while the total is not reached.
 */
export interface OffsetPaging extends Total {
  readonly kind: 'offset';
  readonly limitParameter: string;
  readonly offsetParameter: string;
  /** Records to ask for at a time, >= 1. The vendor may silently send fewer. */
  readonly pageSize: number;
  /** The header with the most that the vendor gives at a time (`x-max-page-size`, say); no more is asked for from then on. */
  readonly maximumHeader?: string;
  /**
   * Without Link and total: whether a page shorter than asked ends the list. Only where the vendor documents that it never caps
   * pages silently; otherwise the list ends with an empty page, for which the client asks once more.
   */
  readonly shortPageEnds?: boolean;
}

/** The answer's `Link: rel="next"` is opaque and followed as it stands, on the same origin only. */
export interface LinkPaging extends Total, FirstPage, Expiring {
  readonly kind: 'link';
}

/** A link in the answer's body, absolute or relative; opaque and followed as it stands, on the same origin only. */
export interface BodyLinkPaging extends Total, FirstPage, Expiring {
  readonly kind: 'bodyLink';
  /** Pure. Undefined, null or an empty text: this is the last page. Throws a Failure for an answer that is not the promised one. */
  readonly nextIn: (json: JsonValue) => string | null | undefined;
}

/** A token in the answer is sent back in a parameter of the same request (Google: `nextPageToken`, `pageToken`). */
export interface TokenPaging extends Total, FirstPage, Expiring {
  readonly kind: 'token';
  readonly tokenParameter: string;
  /** Pure. As `nextIn`; some vendors have it in a header (`next-page-token`, say). */
  readonly tokenIn: (json: JsonValue, headers: Readonly<Record<string, string>>) => string | null | undefined;
}

/** Where to read on: plain JSON, so that a checkpoint keeps it and another process resumes with it. Opaque to callers. */
export type PageCursor =
  | {
      readonly kind: 'offset';
      readonly offset: number;
      readonly limit: number;
      /** Digest of the page before, where the end of the list may show as that page once more. */
      readonly previous?: string;
    }
  | {
      readonly kind: 'link' | 'bodyLink';
      /** Path and query on the API's origin. */
      readonly target: string;
    }
  | { readonly kind: 'token'; readonly token: string };

/**
 * Why a page is the last one.
 * - `single-page`: the style has one page
 * - `no-next-link`: Link headers came, none says next; or the answer holds no link
 * - `no-next-token`: the answer holds no token
 * - `total-reached`: offset and records add up to the vendor's total
 * - `empty-page`: nothing came; if a larger `total` is claimed, the list is incomplete
 * - `short-page`: fewer than asked, and the vendor documents that as the end
 * - `repeated-page`: the very bytes of the page before; the vendor ignores the offset and had sent all it has
 */
export type EndMarker =
  | 'single-page'
  | 'no-next-link'
  | 'no-next-token'
  | 'total-reached'
  | 'empty-page'
  | 'short-page'
  | 'repeated-page';

/** What a page says about the completeness of its list: the material for deciding whether deletes are safe. */
export interface PageEvidence {
  /** Records on this page. */
  readonly records: number;
  /** Index of the page's first record in the list, where the style knows it. */
  readonly offset?: number;
  /** The size of the whole list as the vendor claims it on this page. */
  readonly total?: number;
  /** Present exactly on the last page. */
  readonly endMarker?: EndMarker;
}
