import { Failure } from '../../failure/failure.ts';
import type { Headers } from '../../rpc/authenticate.ts';

/**
 * Pure. Whether a page of ours asked for this. Browsers say so in headers that no page can set (https://www.w3.org/TR/fetch-metadata/): `same-site`
 * is not enough, since all ports of one host are one site. Where one does not, its `Origin` must be ours, which each sends with every POST and
 * DELETE. Without either it may be anybody's, and is refused.
 */
function isSameOrigin(headers: Headers, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === origin : site === 'same-origin';
}

/** Throws `forbidden` for what another page asked for. */
export function requireSameOrigin(headers: Headers, origin: string): void {
  if (isSameOrigin(headers, origin)) return;
  throw new Failure('forbidden', 'No page of the dashboard asked for this', {
    data: { expected: `Sec-Fetch-Site: same-origin, or Origin: ${origin}` },
  });
}
