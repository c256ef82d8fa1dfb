import type { ListRoute, Route } from '@flotilla/substrate/testing/simulator/exchange';
import type { CleverRecords } from './collections.ts';

/** What a district may not have, or not share. */
export const sparable = ['attendance', 'courses', 'events', 'resources', 'terms'] as const;
export type Sparable = (typeof sparable)[number];

type Routes = Readonly<Record<string, Route | ListRoute>>;

/** Pure. The routes of a district without some of its lists: what leads to these, or below them, is answered with 501. */
export function routesWithout(routes: Routes, lacking: readonly Sparable[]): Routes {
  const refuse: Route = () => ({ status: 501, description: 'This district does not have it' });
  return Object.fromEntries(
    Object.entries(routes).map(([name, route]) => {
      const isLacking = name.split('/').some((segment) => lacking.some((one) => one === segment));
      return [name, isLacking ? refuse : route];
    }),
  );
}

/** Pure. The records of such a district, in which nothing points to what is not there. */
export function recordsWithout(records: CleverRecords, lacking: readonly Sparable[]): CleverRecords {
  const blank = {
    ...(lacking.includes('courses') ? { course: null } : {}),
    ...(lacking.includes('terms') ? { term_id: null } : {}),
  };
  return {
    ...records,
    ...Object.fromEntries(lacking.filter((name) => name !== 'events').map((name) => [name, []])),
    sections: (records.sections ?? []).map((section) => ({ ...section, ...blank })),
  };
}
