import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import {
  type SimulatedRequest,
  type SimulatedResponse,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { offsetWindow } from '@flotilla/substrate/testing/simulator/list-window';
import type { SealedCursors } from '@flotilla/substrate/testing/simulator/sealed-cursors';
import { invalid } from './refusal.ts';

export interface ListOptions {
  readonly tokens: SealedCursors;
  /** The member with the records. */
  readonly member: string;
  /** Members beside it. */
  readonly beside?: JsonObject;
  readonly size: number;
}

/** Parameters that every method of Google's has; `fields` and its like change the answer, and are refused here as nobody uses them. */
const everywhere = ['prettyPrint', 'quotaUser', 'alt', 'key'];

/** Pure. The refusal of a parameter that the method does not have, or of one that is given twice and is no list. */
export function checkParameters(
  { query, path }: SimulatedRequest,
  known: readonly string[],
  lists: readonly string[] = [],
): VendorProblem | undefined {
  const names = [...query.keys()];
  const strange = names.find((name) => ![...known, ...lists, ...everywhere].includes(name));
  if (strange !== undefined) {
    // The Directory is the older of the two, and silent about what it does not know.
    if (path.startsWith('/admin/directory/')) return undefined;
    return invalid(
      `Invalid JSON payload received. Unknown name "${strange}": Cannot bind query parameter. Field '${strange}' could not be found in request message.`,
    );
  }
  const repeated = names.find((name, at) => names.indexOf(name) !== at && !lists.includes(name));
  return repeated === undefined
    ? undefined
    : invalid(
        `Invalid JSON payload received. Unknown name "${repeated}": Proto field is not repeating, cannot start list.`,
      );
}

/** Pure. `pageSize`: zero or none leaves it to the server, which also gives less than is asked for. */
export function pageSizeOf(query: URLSearchParams, usual: number, most: number): number | VendorProblem {
  const text = query.get('pageSize');
  if (text === null) return usual;
  if (!/^-?\d{1,10}$/.test(text)) return invalid(`Invalid value at 'page_size' (TYPE_INT32), "${text}"`);
  if (Number(text) < 0) return invalid();
  return Number(text) === 0 ? usual : Math.min(Number(text), most);
}

/** A page of a list. A token is good for the very request that brought it, for some time. */
export function listPage(
  request: SimulatedRequest,
  list: readonly JsonObject[],
  { tokens, member, beside = {}, size }: ListOptions,
): SimulatedResponse | VendorProblem {
  const asked = identityOf(request);
  const token = request.query.get('pageToken') ?? '';
  const content = token === '' ? { asked, offset: 0 } : tokens.unseal(token);
  if (typeof content === 'string' || content.asked !== asked) return invalid();
  const { records, next } = offsetWindow(list, { offset: Number(content.offset), limit: size });
  const nextPageToken = next === undefined ? undefined : tokens.seal({ asked, offset: Number(next) });
  return {
    status: 200,
    page: {
      records: [...records],
      next: nextPageToken,
      wrap: (shown: readonly JsonValue[]) => ({
        ...beside,
        ...(shown.length === 0 ? {} : { [member]: [...shown] }),
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      }),
    },
  };
}

/** "All other parameters must be identical": the size of the page may differ, as in any method of Google's. */
function identityOf({ path, query }: SimulatedRequest): string {
  const own = [...query].filter(([name]) => !['pageToken', 'pageSize', 'maxResults'].includes(name));
  return JSON.stringify([path, own.map((pair) => pair.join('=')).toSorted()]);
}
