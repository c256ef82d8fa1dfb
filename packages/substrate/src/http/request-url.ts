import { Failure } from '../failure/failure.ts';
import type { Query, QueryValue } from './vendor-client.ts';

/** Pure. The base URL, checked once: absolute, http or https, without credentials, query and fragment. Throws `invalid_params`. */
export function parseBaseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw refuseBase('not an absolute http(s) URL');
  if (url.username !== '' || url.password !== '') {
    throw refuseBase('holds a user name or password; they belong into the credential');
  }
  if (url.search !== '' || url.hash !== '') throw refuseBase('holds a query or fragment');
  return url;
}

/**
 * Pure. `path` under the base URL, or, where it is an absolute URL, itself if it has the base URL's origin or one of the others that the
 * vendor is served from (else `vendor_answer_invalid`: our token would go along). The query is written as RFC 3986 wants it, which every
 * server can read.
 */
export function buildUrl(
  base: URL,
  path: string,
  query: Query = {},
  otherOrigins: readonly string[] = [],
): URL {
  const url = locate(base, path, otherOrigins);
  const added = encodeQuery(query);
  if (added !== '') url.search = url.search === '' ? added : `${url.search.slice(1)}&${added}`;
  url.hash = '';
  return url;
}

function locate(base: URL, path: string, otherOrigins: readonly string[]): URL {
  const other = otherOrigins.find((origin) => path.startsWith(`${origin}/`));
  if (other !== undefined) return joinPath(new URL(other), path.slice(other.length));
  return isAbsolute(path) ? resolveSameOrigin(base, base, path) : joinPath(base, path);
}

/** Pure. A link out of an answer from `from`; refused where it leaves the API's origin, be it only from https to http. */
export function resolveSameOrigin(base: URL, from: URL, link: string, problem = 'link_off_origin'): URL {
  const url = URL.parse(link, from.href);
  if (url !== null && url.origin === base.origin && url.username === '' && url.password === '') return url;
  throw new Failure(
    'vendor_answer_invalid',
    'The vendor points to another origin, where our credentials may not go',
    {
      data: { problem, origin: base.origin, linkOrigin: url?.origin ?? 'none' },
    },
  );
}

/** Pure. `a=1&b=%27x%27`. */
export function encodeQuery(query: Query): string {
  return Object.entries(query)
    .flatMap(([name, value]) => toList(value).map((one) => `${encode(name)}=${encode(String(one))}`))
    .join('&');
}

function toList(value: QueryValue | readonly QueryValue[] | undefined): readonly QueryValue[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}

/** `encodeURIComponent` leaves `!'()*` alone, RFC 3986 reserves them, and OAuth 1 signatures depend on it. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isAbsolute(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//');
}

function joinPath(base: URL, path: string): URL {
  const [pathname = '', ...queries] = path.split('?');
  // An id `..` would silently address another resource: URL parsers resolve it, encoded or not.
  const climbs = pathname.split(/[/\\]/).some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  if (!pathname.startsWith('/') || climbs) {
    throw new Failure('invalid_params', 'A request path starts with a slash and has no dot segments', {
      data: { path: pathname },
    });
  }
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, '') + pathname;
  url.search = queries.join('?');
  return url;
}

function refuseBase(found: string): Failure {
  return new Failure('invalid_params', 'The base URL is not usable', {
    data: { parameter: 'baseUrl', found },
  });
}
