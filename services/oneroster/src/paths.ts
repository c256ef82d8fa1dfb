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
    gradebook: z
      .enum(['read', 'write'])
      .optional()
      .describe('write: tokens are asked for that may also write the gradebook; default: read'),
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

type Service = 'rostering' | 'gradebook';

/** 1.1 has all services under one root, 1.2 a root per service (the `servers` of its OpenAPI documents). */
function rootOf(service: Service, { version }: Connection): string {
  return version === '1.1' ? '/ims/oneroster/v1p1' : `/ims/oneroster/${service}/v1p2`;
}

/** A collection of the rostering service. The same relative paths in 1.1 and 1.2. */
export function rostering(member: string): (connection: Connection) => Collection {
  return (connection) => ({ path: `${rootOf('rostering', connection)}/${member}`, member });
}

/** A collection of the gradebook service. */
export function gradebook(member: string): (connection: Connection) => Collection {
  return (connection) => ({ path: `${rootOf('gradebook', connection)}/${member}`, member });
}

/** One record of a collection by its id; `single` is the member that holds it. */
export function oneOf(
  collection: (connection: Connection) => Collection,
  single: string,
): (id: string, connection: Connection) => Collection {
  return (id, connection) => ({
    path: `${collection(connection).path}/${encodeURIComponent(id)}`,
    member: single,
  });
}

/** A path of the gradebook service; the segments are encoded. */
export function gradebookPath(connection: Connection, ...segments: readonly string[]): string {
  return [rootOf('gradebook', connection), ...segments.map(encodeURIComponent)].join('/');
}

/** The part of a list whose member has this value; all of it where the value has a quote, which the standard cannot escape. */
export function filtered(list: Collection, member: string, value: string): Collection {
  return value.includes("'") ? list : { ...list, query: { filter: `${member}='${value}'` } };
}
