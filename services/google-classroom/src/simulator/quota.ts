import type { Clock } from '@flotilla/substrate/clock/clock';
import type { VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';

/** Requests a minute, by Google's page on usage limits. */
export interface Quotas {
  /** Classroom, of one user. Default 1,200. */
  readonly user?: number;
  /** Classroom, of one developer's project, whoever its users are. Default 3,000. */
  readonly project?: number;
  /** The Directory, of one user. Default 2,400. */
  readonly directory?: number;
}

const minuteMs = 60_000;

/** Counts requests in the minute that has just passed; the refusal of one that is too many, which does not count. */
export function createQuotas(clock: Clock, quotas: Quotas) {
  const { user = 1_200, project = 3_000, directory = 2_400 } = quotas;
  const moments = new Map<string, number[]>();

  function isUsedUp(name: string, most: number): boolean {
    const recent = (moments.get(name) ?? []).filter((at) => at > clock.now() - minuteMs);
    moments.set(name, recent);
    return recent.length >= most;
  }

  function count(...names: readonly string[]): void {
    for (const name of names) moments.get(name)?.push(clock.now());
  }

  return (path: string, subject: string): VendorProblem | undefined => {
    if (path.startsWith('/admin/directory/')) {
      const name = `directory ${subject}`;
      // The Directory says it with 403, and no word on how long to wait.
      if (isUsedUp(name, directory))
        return {
          status: 403,
          code: 'RESOURCE_EXHAUSTED',
          description: 'Request rate higher than configured.',
        };
      count(name);
      return undefined;
    }
    const names = [`user ${subject}`, 'project'] as const;
    const exceeded = isUsedUp(names[0], user) ? names[0] : isUsedUp(names[1], project) ? names[1] : undefined;
    if (exceeded === undefined) {
      count(...names);
      return undefined;
    }
    const what = exceeded === 'project' ? 'Queries per minute' : 'Queries per minute per user';
    const description = `Quota exceeded for quota metric 'Queries' and limit '${what}' of service 'classroom.googleapis.com'.`;
    return { status: 429, description };
  };
}
