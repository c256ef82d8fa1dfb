import { Id } from '@flotilla/substrate/lenient';
import { z } from 'zod';

/*
 * Google's ids of course work are unique in their course, those of submissions in their course work. Canonical ids are the path:
 * `course.work.submission`; of members `course.students.user`. Google's own ids have no dots.
 */

/** Pure. */
export function joinIds(...ids: readonly string[]): string {
  return ids.join('.');
}

/** Pure. */
export function splitId(id: string): readonly string[] {
  return id.split('.');
}

/** Pure. Makes the id of a record of these members, also of one that cannot be read; undefined where one of them is missing. */
export function idFrom(...members: readonly string[]): (record: unknown) => string | undefined {
  const Identified = z.object(Object.fromEntries(members.map((name) => [name, Id])));
  return (record) => {
    const { data } = Identified.safeParse(record);
    return data === undefined ? undefined : joinIds(...members.map((name) => data[name] ?? ''));
  };
}
