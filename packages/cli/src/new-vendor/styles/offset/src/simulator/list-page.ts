import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Answer, SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { offsetWindow } from '@flotilla/substrate/testing/simulator/list-window';
import { offsetPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';

export const pages = offsetPages(({ query }) => {
  const limit = Number(query.get('limit') ?? 50);
  const offset = Number(query.get('offset') ?? 0);
  return limit >= 1 && offset >= 0 ? { limit, offset } : undefined;
});

/** `?limit=2&offset=4` answers two records, and in the header how many there are in all. */
export function listPage(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
  const refusal = checkNames(request.query, ['limit', 'offset']);
  if (refusal !== undefined) return refusal;
  const limit = wholeNumber(request.query, 'limit', { fallback: 50, least: 1, most: 500 });
  if (typeof limit !== 'number') return limit;
  const offset = wholeNumber(request.query, 'offset', { fallback: 0 });
  if (typeof offset !== 'number') return offset;
  const { records, total, next } = offsetWindow(list, { offset, limit });
  return {
    status: 200,
    headers: { 'X-Total-Count': String(total) },
    page: { records, wrap: (data) => ({ data }), next },
  };
}
