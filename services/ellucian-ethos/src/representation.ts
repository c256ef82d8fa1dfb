import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { Collection } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection, Offer } from './connection.ts';

/** The major version of each representation that is read: within it, members are only added. */
const majors = {
  'academic-periods': 16,
  courses: 16,
  'educational-institution-units': 7,
  'educational-institutions': 6,
  persons: 12,
  'section-instructors': 10,
  'section-registrations': 16,
  sections: 16,
  // Sections with what they point to, meetings among it: for reading only.
  'sections-maximum': 16,
  sites: 6,
  'student-transcript-grades': 1,
} as const;
export type Representation = keyof typeof majors;

const Applications = z.array(
  z.object({
    resources: z.array(
      z.object({
        name: z.string(),
        representations: z.array(
          z.object({
            'X-Media-Type': z.string(),
            methods: z.array(z.string()).nullish(),
            filters: z.array(z.string()).nullish(),
          }),
        ),
      }),
    ),
  }),
);

/**
 * Pure. The connection with what the tenant's applications offer (`/admin/available-resources`): of each representation the latest version of
 * the major one that is read. Undefined where the answer is not the promised one.
 */
export function discovered(answer: JsonValue, connection: Connection): Connection | undefined {
  const applications = Applications.safeParse(answer);
  if (!applications.success) return undefined;
  const offered: Partial<Record<Representation, Offer>> = {};
  const versions = new Map<Representation, string>();
  for (const { name: resource, representations } of applications.data.flatMap(({ resources }) => resources)) {
    for (const { 'X-Media-Type': mediaType, methods, filters } of representations) {
      const { name, major, version } = parseMediaType(mediaType, resource) ?? {};
      if (name === undefined || majors[name] !== major || version === undefined) continue;
      if ((versions.get(name) ?? '') >= version) continue;
      const lowerCase = (methods ?? []).map((method) => method.toLowerCase());
      offered[name] = { resource, mediaType, methods: lowerCase, filters: filters ?? [] };
      versions.set(name, version);
    }
  }
  return { ...connection, offered: connection.offered ?? offered };
}

/** `application/vnd.hedtech.integration.v16.1.0+json`; a representation other than the resource's own is named before the version. */
function parseMediaType(mediaType: string, resource: string) {
  const parts = /^application\/vnd\.hedtech\.integration\.(?:([a-z-]+)\.)?v(\d+)((?:\.\d+)*)\+json$/.exec(
    mediaType,
  );
  if (parts === null) return undefined;
  const [, name = resource, major = '', rest = ''] = parts;
  // Comparable as texts.
  const version = rest
    .split('.')
    .slice(1)
    .map((part) => part.padStart(5, '0'))
    .join('.');
  return Object.hasOwn(majors, name)
    ? { name: name as Representation, major: Number(major), version: `v${version}` }
    : undefined;
}

/** Pure. Whether the tenant offers it; as long as that is not known, it does. */
export function isOffered({ offered }: Connection, name: Representation): boolean {
  return offered === undefined || offered[name] !== undefined;
}

/** Pure. Sections with their meetings where the tenant has that representation. */
export function sectionsOf({ offered }: Connection): 'sections' | 'sections-maximum' {
  return offered?.['sections-maximum'] === undefined ? 'sections' : 'sections-maximum';
}

/** Pure. A list, in the version that is offered; without one, in the one that is read, so that the vendor refuses instead of sending another. */
export function listOf(
  name: Representation,
  connection: Connection,
  criteria?: Readonly<Record<string, JsonValue>>,
): Collection {
  const { pageSize } = connection;
  const query = criteria === undefined ? undefined : criteriaOf(name, connection, criteria);
  return {
    path: `/api/${connection.offered?.[name]?.resource ?? (name === 'sections-maximum' ? 'sections' : name)}`,
    accept: mediaTypeOf(name, connection),
    ...(query === undefined ? {} : { query }),
    ...(pageSize === undefined ? {} : { paging: { ...paging, pageSize } }),
  };
}

/** Pure. One record of it. */
export function oneOf(name: Representation, id: string, connection: Connection): Collection {
  const { path, accept = '' } = listOf(name, connection);
  return { path: `${path}/${encodeURIComponent(id)}`, accept };
}

/** Pure. Where an entity's records are, one and all: what they are read from. */
export function read(name: Representation | ((connection: Connection) => Representation)) {
  const nameFor = (connection: Connection) => (typeof name === 'string' ? name : name(connection));
  return {
    collection: (connection: Connection) => listOf(nameFor(connection), connection),
    one: (id: string, connection: Connection) => oneOf(nameFor(connection), id, connection),
  };
}

/** Pure. Of an entity type that stands in several resources, those lists that are offered; each record says of which it is. */
export function readEach<R extends Representation>(
  resources: readonly [R, ...R[]],
  criteria: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {},
) {
  return {
    lists: (connection: Connection) => resources.filter((name) => isOffered(connection, name)),
    collection: (connection: Connection, list: string): Collection => {
      const resource = resources.find((name) => name === list) ?? resources[0];
      return { ...listOf(resource, connection, criteria[resource]), implied: { resource } };
    },
  };
}

/** Each read for two entity types. */
export const readPersons = read('persons');
export const readSections = read(sectionsOf);

/** Pure. */
export function mediaTypeOf(name: Representation, { offered }: Connection): string {
  const prefix = name === 'sections-maximum' ? `${name}.` : '';
  return offered?.[name]?.mediaType ?? `application/vnd.hedtech.integration.${prefix}v${majors[name]}+json`;
}

/** Undefined where the tenant cannot filter by one of the members: then all is read. */
function criteriaOf(
  name: Representation,
  { offered }: Connection,
  criteria: Readonly<Record<string, JsonValue>>,
): { readonly criteria: string } | undefined {
  const filters = (offered?.[name]?.filters ?? []).map((filter) => filter.split('.')[0]);
  const isKnown = Object.keys(criteria).every((member) => filters.includes(member));
  return isKnown ? { criteria: JSON.stringify(criteria) } : undefined;
}

export const paging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 500,
  totalHeader: 'x-total-count',
  maximumHeader: 'x-max-page-size',
} as const;
