import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type {
  SimulatedRequest,
  SimulatedResponse,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { linkTo } from '@flotilla/substrate/testing/simulator/list-window';
import { idOf } from './collections.ts';

const mostRecords = 10_000;

/** The page that was asked for. `render`: the element of the list. Lists are in order of ids, which is that of creation. */
export function pageOf(
  request: SimulatedRequest,
  list: readonly JsonObject[],
  render: (record: JsonObject) => JsonValue,
): SimulatedResponse | VendorProblem {
  const { query } = request;
  const [after, before] = [query.get('starting_after'), query.get('ending_before')];
  const limit = limitOf(query);
  if (typeof limit !== 'number') return limit;
  if (after !== null && before !== null)
    return { status: 400, description: 'starting_after and ending_before cannot both be given' };
  const sorted = list.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const ids = sorted.map(idOf);
  // By comparison: the record after which a page begins may have gone meanwhile.
  const isBelow = ids.filter((id) =>
    after === null ? before === 'last' || id < (before ?? '') : id <= after,
  ).length;
  const start = before === null ? (after === null ? 0 : isBelow) : Math.max(0, isBelow - limit);
  const end = before === null ? start + limit : isBelow;
  const next = end < sorted.length && end > start ? ids[end - 1] : undefined;
  const previous = start > 0 && end > start ? ids[start] : undefined;
  const links = [
    { rel: 'self', uri: request.path + (request.rawQuery === '' ? '' : `?${request.rawQuery}`) },
    ...link(request, 'prev', { starting_after: undefined, ending_before: previous }),
    ...link(request, 'next', { starting_after: next, ending_before: undefined }),
  ];
  const count = query.get('count') === 'true' ? { count: sorted.length } : {};
  return {
    status: 200,
    page: {
      records: sorted.slice(start, end).map(render),
      wrap: (data) => ({ data: [...data], ...count, links }),
      next,
    },
  };
}

function limitOf(query: URLSearchParams): number | VendorProblem {
  const text = query.get('limit');
  if (text === null) return 100;
  if (!/^[1-9]\d{0,9}$/.test(text))
    return { status: 400, description: `limit must be a whole number from 1, not ${text}` };
  if (Number(text) > mostRecords) return { status: 413, description: `limit must not exceed ${mostRecords}` };
  return Number(text);
}

function link(
  request: SimulatedRequest,
  rel: string,
  changed: Readonly<Record<string, string | undefined>>,
): JsonObject[] {
  if (Object.values(changed).every((id) => id === undefined)) return [];
  return [{ rel, uri: linkTo(request, changed, '') }];
}
