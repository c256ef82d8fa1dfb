import type { SimulatedPage, SimulatedRequest } from './exchange.ts';

/** How the pages of the vendor's lists are counted, for faults that befall one of them. */
export interface PageNumbering {
  /** From 1. */
  pageOf(request: SimulatedRequest): number | undefined;
  previousPage(request: SimulatedRequest): SimulatedRequest | undefined;
  onPage?(request: SimulatedRequest, page: SimulatedPage): void;
}

/** Pure. Pages by offset: the page is where the offset falls. `rangeOf` reads the request as the vendor does. */
export function offsetPages(
  rangeOf: (request: SimulatedRequest) => { readonly offset: number; readonly limit: number } | undefined,
  offsetParameter = 'offset',
): PageNumbering {
  return {
    pageOf: (request) => {
      const range = rangeOf(request);
      return range === undefined ? undefined : Math.floor(range.offset / range.limit) + 1;
    },
    previousPage: (request) => {
      const range = rangeOf(request);
      if (range === undefined) return undefined;
      const query = new URLSearchParams(request.query);
      query.set(offsetParameter, String(Math.max(0, range.offset - range.limit)));
      return { ...request, query };
    },
  };
}

/**
 * Pages by what the page before said (`page.next`): ids, cursors, page tokens, bookmarks. A request without any of the parameters asks for
 * page 1; one with a place that no page gave has no number.
 */
export function continuedPages(...parameters: readonly string[]): PageNumbering {
  const known = new Map<string, { readonly page: number; readonly previous: SimulatedRequest }>();

  function placeOf({ query }: SimulatedRequest): string | undefined {
    return parameters.map((name) => query.get(name)).find((value) => value !== null) ?? undefined;
  }

  function find(request: SimulatedRequest): ReturnType<typeof known.get> {
    return known.get(`${request.path} ${placeOf(request)}`);
  }

  return {
    pageOf: (request) => (placeOf(request) === undefined ? 1 : find(request)?.page),
    previousPage: (request) => find(request)?.previous,
    onPage: (request, { next }) => {
      if (next === undefined) return;
      const before = placeOf(request) === undefined ? 1 : find(request)?.page;
      if (before !== undefined) known.set(`${request.path} ${next}`, { page: before + 1, previous: request });
    },
  };
}
