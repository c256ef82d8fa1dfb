import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { Collection, Paging } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a district enters besides the credential. */
export const Connection = z.strictObject({
  baseUrl: z
    .url()
    // Pasted from Clever's explorer it ends in the version.
    .transform((url) => url.replace(/(\/v3\.[01])?\/*$/, ''))
    .default('https://api.clever.com')
    .describe("Where Clever's Data API is served"),
  version: z.enum(['3.0', '3.1']).default('3.1').describe('The version of the Data API'),
  tokensUrl: z.url().default('https://clever.com/oauth/tokens').describe('Where Clever lists tokens'),
});
export type Connection = z.output<typeof Connection>;

/** A list: `{data: [{data: {...}, uri}], links}`. */
export function listOf(name: string): (connection: Connection) => Collection {
  return ({ version }) => ({ path: `/v${version}/${name}`, member: 'data', recordMember: 'data' });
}

/** The one district that the token is of: its list has no pages, and takes no parameters. */
export function districts(connection: Connection): Collection {
  return { ...listOf('districts')(connection), paging: { kind: 'single' } };
}

/** One record of a list: `{data: {...}}`. */
export function oneOf(name: string): (id: string, connection: Connection) => Collection {
  return (id, { version }) => ({ path: `/v${version}/${name}/${encodeURIComponent(id)}`, member: 'data' });
}

/** Relative links in the body: `{links: [{rel: 'next', uri: '/v3.1/users?limit=1000&starting_after=...'}]}`. */
export const paging: Paging = {
  kind: 'bodyLink',
  nextIn,
  sizeParameter: 'limit',
  // 100 is Clever's default and 10,000 its maximum; a thousand users are about a megabyte.
  pageSize: 1000,
};

/** Where a list has neither a page before nor one after, the Attendance API leaves the links out. */
export const sparePaging: Paging = {
  ...paging,
  nextIn: (json) => nextIn(isJsonObject(json) ? { links: [], ...json } : json),
};

const Link = z.object({ rel: z.string(), uri: z.string() });
const Page = z.object({ data: z.array(z.unknown()), links: z.array(Link) });

function nextIn(json: JsonValue): string | undefined {
  const page = Page.safeParse(json);
  // Without its links nobody knows whether more follows.
  if (!page.success) throw new Failure('vendor_answer_invalid', 'The answer lacks "data" or "links"');
  const { data, links } = page.data;
  // "next" may be there and lead to nothing: what comes after nothing is nothing.
  return data.length === 0 ? undefined : links.find(({ rel }) => rel === 'next')?.uri;
}
