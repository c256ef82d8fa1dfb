/** How a vendor lets clients in, as the scaffold knows it. Others are written by hand (`AuthStyle`). */
export const authStyles = ['bearer', 'basic', 'oauth2', 'oauth1', 'api-key'] as const;
export type VendorAuth = (typeof authStyles)[number];

/** How it cuts lists into pages. */
export const pagingStyles = ['link', 'cursor', 'offset', 'page-token'] as const;
export type VendorPaging = (typeof pagingStyles)[number];

export interface VendorStyle {
  readonly auth: VendorAuth;
  readonly paging: VendorPaging;
}

export const styleMeanings: Readonly<Record<VendorAuth | VendorPaging, string>> = {
  bearer: 'a token that does not expire, in the header Authorization: Bearer',
  basic: "a user's name and password, in the header Authorization: Basic",
  oauth2: 'OAuth 2 client credentials: an id and a secret for a token that expires',
  oauth1: 'OAuth 1.0a without a token: every request is signed',
  'api-key': 'a key in a header of its own, such as X-Api-Key',
  link: 'the answer\'s header Link: <...>; rel="next"',
  cursor: "a link in the answer's body, with a cursor in it",
  offset: '?limit and ?offset, with a total',
  'page-token': 'a token in the body, which goes into the next request',
};
