/** As `gcloud run services list --format=json` prints each, of what we use. */
export interface DeployedService {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly traffic?: readonly Traffic[] };
}

export interface Traffic {
  readonly revisionName?: string;
  readonly percent?: number;
  readonly tag?: string;
  readonly url?: string;
}

/** As `gcloud run revisions list --format=json` prints each, of what we use. */
export interface Revision {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

/** Pure. The revision that most of the traffic goes to: after a release that was rolled back it is not the latest. */
export function mainRevision({ status }: DeployedService): string | undefined {
  const [most] = (status?.traffic ?? []).toSorted((a, b) => (b.percent ?? 0) - (a.percent ?? 0));
  return most?.revisionName;
}

/** Pure. The commit that each service runs: it is the tag of the image. */
export function readDeployed(
  services: readonly DeployedService[],
  revisions: readonly Revision[],
): Readonly<Record<string, string>> {
  const imageOf = new Map(
    revisions.map(({ metadata, spec }) => [metadata.name, spec.containers[0]?.image ?? '']),
  );
  return Object.fromEntries(
    services.flatMap((service) => {
      const image = imageOf.get(mainRevision(service) ?? '') ?? '';
      const [, tag] = /:([\w][\w.-]*)$/.exec(image) ?? [];
      return tag === undefined ? [] : [[service.metadata.name, tag]];
    }),
  );
}
