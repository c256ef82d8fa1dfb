import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Answer, SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { idWindow, linkHeader, linkTo } from '@flotilla/substrate/testing/simulator/list-window';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import { plainId } from '@flotilla/substrate/testing/simulator/record-store';

export const pages = continuedPages('after');

/** `?limit=2` answers two records, and where more follow, a link to them in the header. */
export function listPage(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
  const refusal = checkNames(request.query, ['limit', 'after']);
  if (refusal !== undefined) return refusal;
  const limit = wholeNumber(request.query, 'limit', { fallback: 50, least: 1, most: 500 });
  if (typeof limit !== 'number') return limit;
  const window = idWindow(list, plainId, { after: request.query.get('after') ?? undefined, limit });
  if (window === undefined) return { status: 400, description: 'after must be the id of a record' };
  const { records, next } = window;
  const link = linkHeader({ next: next === undefined ? undefined : linkTo(request, { after: next }) });
  return {
    status: 200,
    ...(link === undefined ? {} : { headers: { Link: link } }),
    page: { records, wrap: (data) => ({ data }), next },
  };
}
