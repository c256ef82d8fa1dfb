import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import { type Collection, listsAmong, readFrom, type Shape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from './connection.ts';

/** The major version of each representation that is read: within it, members are only added. */
const majors = {
  'academic-periods': 16,
  courses: 16,
  'educational-institution-units': 7,
  'educational-institutions': 6,
  'grade-definitions': 6,
  persons: 12,
  'section-instructors': 10,
  'section-registrations': 16,
  sections: 16,
  // Sections with what they point to, meetings among it: for reading only.
  'sections-maximum': 16,
  sites: 6,
  'student-transcript-grades': 1,
  subjects: 6,
} as const;
export type Representation = keyof typeof majors;

export const paging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 500,
  totalHeader: 'x-total-count',
  maximumHeader: 'x-max-page-size',
} as const;

const Described = z.object({ 'X-Media-Type': z.string(), filters: z.array(z.string()).nullish() });
const Resource = z.object({ name: z.string(), representations: z.array(Described) });
const Applications = z.array(z.object({ resources: z.array(Resource) }));

const versions = new Intl.Collator('en', { numeric: true });

/**
 * Pure. The connection with what the tenant's applications offer (`/admin/available-resources`): of each representation the latest version of
 * the major one that is read. Undefined where the answer is not the promised one.
 */
export function discovered(answer: JsonValue, connection: Connection): Connection | undefined {
  const offers = Applications.safeParse(answer)
    .data?.flatMap(({ resources }) => resources)
    .flatMap(({ name, representations }) => representations.flatMap((each) => offersOf(name, each)))
    // The latest comes last, and stays.
    .toSorted((a, b) => versions.compare(a.version, b.version))
    .map(({ name, offer }) => [name, offer] as const);
  return offers && { ...connection, offered: connection.offered ?? Object.fromEntries(offers) };
}

/** `application/vnd.hedtech.integration.v16.1.0+json`; a representation other than the resource's own is named before the version. */
const MediaType = /^application\/vnd\.hedtech\.integration\.(?:([a-z-]+)\.)?v(\d[\d.]*)\+json$/;

function offersOf(resource: string, described: z.output<typeof Described>) {
  const { 'X-Media-Type': mediaType, filters } = described;
  const [, name = resource, version = ''] = MediaType.exec(mediaType) ?? [];
  if ((majors as Readonly<Record<string, number>>)[name] !== Number.parseInt(version, 10)) return [];
  return [{ name, version, offer: { resource, mediaType, filters: filters ?? [] } }];
}

/** Where students went to school before is listed too, often by the ten thousand. */
const home: JsonObject = { homeInstitution: 'home' };

/** Pure. Whether the tenant offers it; as long as that is not known, it does. */
export function isOffered({ offered }: Connection, name: Representation): boolean {
  return offered === undefined || offered[name] !== undefined;
}

/** Pure. Sections with their meetings where the tenant has that representation. */
export function sectionsOf({ offered }: Connection): 'sections' | 'sections-maximum' {
  return offered?.['sections-maximum'] === undefined ? 'sections' : 'sections-maximum';
}

/**
 * Pure. A list, in the version that is offered; without one, in the one that is read, so that the vendor refuses instead of sending another.
 * Where the tenant cannot filter by one of the criteria, all is read.
 */
export function listOf(name: Representation, connection: Connection, criteria?: JsonObject): Collection {
  const { pageSize, offered } = connection;
  const offer = offered?.[name];
  const resource = offer?.resource ?? name.replace('-maximum', '');
  const version = name === resource ? `v${majors[name]}` : `${name}.v${majors[name]}`;
  const filters = offer?.filters.map((filter) => filter.split('.')[0]);
  const isFiltered = criteria && Object.keys(criteria).every((member) => filters?.includes(member));
  return {
    path: `/api/${resource}`,
    accept: offer?.mediaType ?? `application/vnd.hedtech.integration.${version}+json`,
    ...(isFiltered ? { query: { criteria: JSON.stringify(criteria) } } : {}),
    ...(pageSize === undefined ? {} : { paging: { ...paging, pageSize } }),
  };
}

/** Pure. Where an entity's records are, one and all: what they are read from. */
export function read(name: Representation) {
  return readFrom((connection: Connection) => listOf(name, connection));
}

/** Each read for two entity types. */
export const readPersons = read('persons');
export const readSections = readFrom((connection: Connection) => listOf(sectionsOf(connection), connection));

/** Pure. An entity type that stands in several resources, each with a shape of its own: those lists that are offered. */
export function readAmong<T extends EntityType, R extends Representation>(
  entityType: T,
  shapes: Readonly<Record<R, Shape<T>>>,
) {
  const list = (name: R, connection: Connection) =>
    listOf(name, connection, name === 'educational-institutions' ? home : undefined);
  return listsAmong(entityType, shapes, list, (name, connection: Connection) => isOffered(connection, name));
}
