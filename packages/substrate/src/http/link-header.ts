import LinkHeader from 'http-link-header';

export interface Links {
  /** The target as written: may be relative. */
  readonly next?: string;
}

/** Pure. The links of a `Link` header (RFC 8288), or undefined where there are none or they cannot be read. */
export function parseLinks(header: string | undefined): Links | undefined {
  if (header === undefined) return undefined;
  try {
    const links = LinkHeader.parse(addBrackets(header));
    if (links.refs.length === 0) return undefined;
    const next = links.rel('next')[0]?.uri;
    return next === undefined ? {} : { next };
  } catch {
    return undefined;
  }
}

/** GG4L writes `https://host/x; rel="next", …` without the angle brackets (dev.gg4l.com/reference/pagination). */
function addBrackets(header: string): string {
  return header.replace(/(^\s*|,\s*)(https?:\/\/[^\s;<>]+)(?=\s*;)/gi, '$1<$2>');
}
