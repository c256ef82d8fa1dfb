/** Pure. How a vendor cuts a list into pages, as data in the vendor's description. More styles (token in body or header) fit beside these. */
export type Paging = SinglePage | OffsetPaging | LinkPaging;

/** The whole list comes in one answer. */
export interface SinglePage {
  readonly kind: 'single';
}

/**
 * `?limit=100&offset=200`. The next page is where the answer's `Link: rel="next"` points (only its offset and limit are taken:
 * providers send links with http:// or an internal host), else after the records received so far while the total is not reached.
 */
export interface OffsetPaging {
  readonly kind: 'offset';
  readonly limitParameter: string;
  readonly offsetParameter: string;
  /** Records to ask for at a time, >= 1. The vendor may silently send fewer. */
  readonly pageSize: number;
  /** The header with the size of the whole list; OneRoster: `x-total-count`. */
  readonly totalHeader?: string;
  /**
   * Without Link and total: whether a page shorter than asked ends the list. Only where the vendor documents that it never caps
   * pages silently; otherwise the list ends with an empty page, for which the client asks once more.
   */
  readonly shortPageEnds?: boolean;
}

/** The answer's `Link: rel="next"` is opaque and followed as it stands, on the same origin only (Canvas). */
export interface LinkPaging {
  readonly kind: 'link';
  /** The header with the size of the whole list, if there is one. */
  readonly totalHeader?: string;
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
      readonly kind: 'link';
      /** Path and query on the API's origin. */
      readonly target: string;
    };

/**
 * Why a page is the last one.
 * - `single-page`: the style has one page
 * - `no-next-link`: Link headers came, none says next
 * - `total-reached`: offset and records add up to the vendor's total
 * - `empty-page`: nothing came; if a larger `total` is claimed, the list is incomplete
 * - `short-page`: fewer than asked, and the vendor documents that as the end
 * - `repeated-page`: the very bytes of the page before; the vendor ignores the offset and had sent all it has
 */
export type EndMarker =
  | 'single-page'
  | 'no-next-link'
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
