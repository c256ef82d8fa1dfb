import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Answer, SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { offsetWindow } from '@flotilla/substrate/testing/simulator/list-window';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';

export const pages = continuedPages('pageToken');

/** `?pageSize=2` answers two records, and where more follow, a token for them that nobody can read. */
export function listPage(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
  const refusal = checkNames(request.query, ['pageSize', 'pageToken']);
  if (refusal !== undefined) return refusal;
  const limit = wholeNumber(request.query, 'pageSize', { fallback: 50, least: 1, most: 500 });
  if (typeof limit !== 'number') return limit;
  const offset = tokenToOffset(request.query.get('pageToken'));
  if (offset === undefined) return { status: 400, description: 'pageToken is none that was given out' };
  const { records, next } = offsetWindow(list, { offset, limit });
  const nextPageToken = next === undefined ? undefined : offsetToToken(next);
  return {
    status: 200,
    page: {
      records,
      wrap: (data) => (nextPageToken === undefined ? { data } : { data, nextPageToken }),
      next: nextPageToken,
    },
  };
}

function offsetToToken(offset: string): string {
  return Buffer.from(`from ${offset}`).toString('base64url');
}

function tokenToOffset(token: string | null): number | undefined {
  if (token === null) return 0;
  const [, offset] = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return offset === undefined ? undefined : Number(offset);
}
