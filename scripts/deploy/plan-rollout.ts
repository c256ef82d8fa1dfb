import { type DeployedService, mainRevision } from './read-deployed.ts';

/** Where releases go, and which. */
export interface Release {
  readonly project: string;
  readonly region: string;
  /** Such as `europe-west1-docker.pkg.dev/district-flotilla/flotilla`. */
  readonly images: string;
  /** The tag of the images: a commit. */
  readonly tag: string;
}

/** The words of one call of gcloud. */
export type Command = readonly string[];

/** The share of the traffic that tries a release out. */
const canaryPercent = 10;
const canaryTag = 'canary';

/** Of the requests to the canary, at most this share may fail for a fault of ours. */
const mostFaults = 0.01;

/** Pure. The store is brought up to date before any service is: the new schema suits the old services too. */
export function migrationCommands({ project, region, images, tag }: Release): readonly Command[] {
  const where = [`--project=${project}`, `--region=${region}`, '--quiet'];
  return [
    ['run', 'jobs', 'update', 'migrate', `--image=${images}/control:${tag}`, ...where],
    ['run', 'jobs', 'execute', 'migrate', '--wait', ...where],
  ];
}

/** Pure. Prints the names of the services that the project has, one a line. */
export function listCommand({ project, region }: Release): Command {
  return [
    'run',
    'services',
    'list',
    `--project=${project}`,
    `--region=${region}`,
    '--format=value(metadata.name)',
  ];
}

/** Pure. Every call that a service's release may need, in order; which of them are made is `rolloutService`'s. */
export function serviceCommands(service: string, { project, region, images, tag }: Release) {
  const where = [`--project=${project}`, `--region=${region}`, '--quiet'];
  const traffic = ['run', 'services', 'update-traffic', service];
  return {
    describe: ['run', 'services', 'describe', service, ...where, '--format=json'],
    /** Waits until the new revision's startup probe is answered. */
    deploy: [
      'run',
      'deploy',
      service,
      `--image=${images}/${service}:${tag}`,
      '--no-traffic',
      `--tag=${canaryTag}`,
      ...where,
    ],
    canary: [...traffic, `--to-tags=${canaryTag}=${canaryPercent}`, ...where],
    /** What Cloud Run itself says of the canary's requests. */
    requests: (revision: string, sinceIso: string): Command => [
      'logging',
      'read',
      [
        'resource.type="cloud_run_revision"',
        `resource.labels.revision_name="${revision}"`,
        `logName="projects/${project}/logs/run.googleapis.com%2Frequests"`,
        `timestamp>="${sinceIso}"`,
      ].join(' AND '),
      `--project=${project}`,
      '--limit=10000',
      '--format=json(httpRequest.status)',
    ],
    /** From now on whatever is deployed next is served too, as Terraform expects. */
    full: [...traffic, '--to-latest', ...where],
    rollBack: (revision: string): Command => [...traffic, `--to-revisions=${revision}=100`, ...where],
    untag: [...traffic, `--remove-tags=${canaryTag}`, ...where],
  } as const;
}

/** Pure. What must be known of a service to release it and to take that back. */
export function readService(service: DeployedService): {
  readonly serving: string | undefined;
  readonly canary: { readonly revision: string; readonly url: string } | undefined;
} {
  const { revisionName, url } = service.status?.traffic?.find(({ tag }) => tag === canaryTag) ?? {};
  return {
    serving: mainRevision(service),
    canary: revisionName === undefined || url === undefined ? undefined : { revision: revisionName, url },
  };
}

/** Control once more, behind Identity-Aware Proxy (docs/decisions/0023). */
export const dashboard = 'dashboard';

/**
 * Pure. The dashboard follows control, whose image it is and which has just been tried out: nobody without an account could ask its canary. Cloud
 * Run turns the traffic to the new revision when its startup probe is answered.
 */
export function dashboardCommand({ project, region, images, tag }: Release): Command {
  const where = [`--project=${project}`, `--region=${region}`, '--quiet'];
  return ['run', 'deploy', dashboard, `--image=${images}/control:${tag}`, ...where];
}

/** A line of Cloud Run's log of requests. */
export interface LoggedRequest {
  readonly httpRequest?: { readonly status?: number };
}

/**
 * Pure. Whether the canary fails too often: 500 is a fault of ours, 502 and 504 a process that died or hung. 503 is our word for "later", which a
 * vendor that is down causes in every release alike. One fault among few requests is too many.
 */
export function isTooFaulty(requests: readonly LoggedRequest[]): boolean {
  const faults = requests.filter(({ httpRequest }) =>
    [500, 502, 504].includes(httpRequest?.status ?? 0),
  ).length;
  return faults > requests.length * mostFaults;
}
