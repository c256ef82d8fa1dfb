import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { baseUrlAbove, type Collection, setting } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters besides the credential; the last four are found by asking the host. */
export const Connection = z.strictObject({
  baseUrl: baseUrlAbove('data', 'oauth/token', 'metadata').describe(
    'What stands before /data and /oauth, with tenant and year if the host has them',
  ),
  tokenUrl: setting(z.url(), 'Where tokens are issued; default: the base URL and /oauth/token'),
  schoolYear: setting(z.int(), 'Hosts with a database a year: when it ends; default: what the host names'),
  namespace: setting(
    z.string().regex(/^[^#]+$/),
    'Of what we create, such as uri://district.example; without one nothing is created',
  ),
  demographicsOf: setting(
    z.string().regex(/^\d+$/),
    'The organization whose word on students is read; default: that of all, if a student has them once',
  ),
  changeQueries: setting(z.boolean(), 'false: everything is read whole each night; default: true'),
  dataPath: setting(z.string(), 'Where the data is'),
  changesPath: setting(z.string(), 'Where change queries are'),
  apiVersion: setting(z.number(), 'The version of the host'),
  hasParents: setting(z.boolean(), 'Data Standard 3 and 4: parents, not contacts'),
});
export type Connection = z.output<typeof Connection>;

/** A list of a resource; the host says how many there are only if it is asked. */
export function listAt(
  { dataPath = '/data/v3' }: Connection,
  resource: string,
  query: Readonly<Record<string, string>> = {},
): Collection {
  return { path: `${dataPath}/ed-fi/${resource}`, query: { totalCount: 'true', ...query } };
}

/** Of what organizations say of students, that of the one that was chosen. */
export function queryOfStudents({ demographicsOf }: Connection): Readonly<Record<string, string>> {
  return demographicsOf === undefined ? {} : { educationOrganizationId: demographicsOf };
}

const Root = z.object({
  version: z.string(),
  dataModels: z.array(z.object({ name: z.string(), version: z.string() })),
  urls: z.object({ dataManagementApi: z.url(), changeQueries: z.url().optional() }),
});

/**
 * Pure. The connection with what the host says of itself (`GET /`). Only the paths of its addresses count: behind a proxy they name an
 * inner host. Undefined where the answer is not the promised one, or leaves the tenant or the year open.
 */
export function discovered(answer: JsonValue, connection: Connection): Connection | undefined {
  const root = Root.safeParse(answer);
  if (!root.success) return undefined;
  const { version, dataModels, urls } = root.data;
  const dataPath = below(connection, urls.dataManagementApi);
  const changesPath = below(connection, urls.changeQueries ?? `${connection.baseUrl}/changeQueries/v1`);
  const standard = dataModels.find(({ name }) => name === 'Ed-Fi')?.version ?? '5';
  if (dataPath === undefined || changesPath === undefined) return undefined;
  return {
    dataPath,
    changesPath,
    apiVersion: Number.parseFloat(version),
    hasParents: Number.parseInt(standard, 10) < 5,
    ...connection,
  };
}

/** The path of an address of the host's, below the base URL, for the year that was chosen. */
function below({ baseUrl, schoolYear }: Connection, address: string): string | undefined {
  const path = decodeURI(new URL(address).pathname).replace(/\/+$/, '');
  const base = new URL(baseUrl).pathname.replace(/\/+$/, '');
  const rest = path.startsWith(`${base}/`)
    ? path.slice(base.length)
    : /\/(data|changeQueries)(\/.*)?$/.exec(path)?.[0];
  if (rest === undefined || rest.includes('{')) return undefined;
  return schoolYear === undefined ? rest : rest.replace(/\/\d{4}$/, `/${schoolYear}`);
}
