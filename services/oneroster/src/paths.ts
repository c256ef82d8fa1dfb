import type { Collection } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters besides the credential. */
export const Connection = z
  .strictObject({
    baseUrl: z.url().describe('Where the provider serves OneRoster: what stands before /ims/oneroster'),
    version: z
      .enum(['1.1', '1.2'])
      .optional()
      .describe('The OneRoster version; default: what the base URL says, else 1.2'),
    tokenUrl: z
      .url()
      .optional()
      .describe('Where OAuth 2 tokens are issued; default: the base URL and /token'),
    scopes: z
      .array(z.string())
      .optional()
      .describe('The OAuth 2 scopes to ask for, where the provider wants others than the standard ones'),
  })
  .transform(({ baseUrl, version, ...rest }) => {
    // Schools paste what their provider shows them, often down to the service: https://host/prefix/ims/oneroster/v1p1/.
    const [root = baseUrl, service] = baseUrl.split('/ims/oneroster');
    return {
      ...rest,
      baseUrl: root.replace(/\/+$/, ''),
      version: version ?? (service?.includes('v1p1') ? ('1.1' as const) : ('1.2' as const)),
    };
  });
export type Connection = z.output<typeof Connection>;

/** 1.1 has all services under one root. */
const root11 = '/ims/oneroster/v1p1';
/** 1.2 has a root per service (the `servers` of its OpenAPI documents). */
const rosteringRoot12 = '/ims/oneroster/rostering/v1p2';
const gradebookRoot12 = '/ims/oneroster/gradebook/v1p2';

/** A collection of the rostering service. The same relative paths in 1.1 and 1.2. */
export function rostering(member: string): (connection: Connection) => Collection {
  return ({ version }) => ({ path: `${version === '1.1' ? root11 : rosteringRoot12}/${member}`, member });
}

/** A collection of the gradebook service. */
export function gradebook(member: string): (connection: Connection) => Collection {
  return ({ version }) => ({ path: `${version === '1.1' ? root11 : gradebookRoot12}/${member}`, member });
}
