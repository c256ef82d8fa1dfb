/** What a tenant's applications say of a resource. */
export interface Resource {
  /** Versions of its own representation, the latest last. */
  readonly versions: readonly string[];
  /** Of whole sections with what they point to: for reading only. */
  readonly maximum?: readonly string[];
  readonly methods: readonly ('get' | 'post' | 'put')[];
  /** Members by which `criteria` may filter. */
  readonly filters: readonly string[];
  /** Members without which a record is refused. */
  readonly required: readonly string[];
  /** The members, as a path, that point to records of another resource. */
  readonly references?: Readonly<Record<string, string>>;
}

const readOnly = { methods: ['get'], filters: [], required: [] } as const;

/** Pure. What this tenant has: versions and filters as an ERP of 2022 has them. */
export const resources = {
  'academic-levels': { ...readOnly, versions: ['v6'] },
  'academic-periods': { ...readOnly, versions: ['v16', 'v16.1.0'], filters: ['category'] },
  buildings: { ...readOnly, versions: ['v11'] },
  courses: { ...readOnly, versions: ['v16', 'v16.0.0', 'v16.1.0'], filters: ['number', 'subject'] },
  'educational-institution-units': { ...readOnly, versions: ['v7'], filters: ['type'] },
  'educational-institutions': { ...readOnly, versions: ['v6', 'v6.1.0'], filters: ['homeInstitution'] },
  'grade-definitions': { ...readOnly, versions: ['v6'] },
  'instructional-events': { ...readOnly, versions: ['v11'], filters: ['section'] },
  'instructional-methods': { ...readOnly, versions: ['v6'] },
  persons: {
    versions: ['v12', 'v12.3.0', 'v12.4.0'],
    methods: ['get', 'post', 'put'],
    filters: ['names', 'credentials', 'emails', 'roles'],
    required: ['id', 'names'],
  },
  'persons-credentials': { ...readOnly, versions: ['v11', 'v11.1.0'], filters: ['credentials'] },
  rooms: { ...readOnly, versions: ['v10'] },
  'section-instructors': { ...readOnly, versions: ['v10'], filters: ['section', 'instructor'] },
  'section-registrations': {
    versions: ['v16', 'v16.0.0', 'v16.1.0'],
    methods: ['get', 'post', 'put'],
    filters: ['section', 'registrant'],
    required: ['id', 'registrant', 'section', 'academicLevel', 'status'],
    references: { registrant: 'persons', section: 'sections', academicLevel: 'academic-levels' },
  },
  'section-title-types': { ...readOnly, versions: ['v6'] },
  sections: {
    versions: ['v16', 'v16.0.0', 'v16.1.0'],
    maximum: ['v16', 'v16.0.0'],
    methods: ['get', 'post', 'put'],
    filters: ['code', 'course', 'academicPeriod', 'site'],
    required: ['id', 'titles', 'startOn', 'course', 'instructionalMethods'],
    references: { course: 'courses', site: 'sites', academicPeriod: 'academic-periods' },
  },
  sites: { ...readOnly, versions: ['v6'] },
  'student-transcript-grades': { ...readOnly, versions: ['v1', 'v1.1.0'], filters: ['student'] },
  subjects: { ...readOnly, versions: ['v6'] },
} as const satisfies Readonly<Record<string, Resource>>;
export type ResourceName = keyof typeof resources;
export const resourceNames = Object.keys(resources) as readonly ResourceName[];

/** Pure. With its literal types widened. */
export function resourceOf(name: ResourceName): Resource {
  return resources[name];
}

export const ownPrefix = 'application/vnd.hedtech.integration.';

/** Pure. The media types of a resource's own representation and of the maximum one, the latest last. */
export function mediaTypesOf(name: ResourceName, hasMaximum: boolean) {
  const { versions, maximum = [] } = resourceOf(name);
  return {
    own: versions.map((version) => `${ownPrefix}${version}+json`),
    maximum: hasMaximum ? maximum.map((version) => `${ownPrefix}${name}-maximum.${version}+json`) : [],
  };
}
