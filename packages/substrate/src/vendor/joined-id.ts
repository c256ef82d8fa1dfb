import { z } from 'zod';
import { Id } from './lenient.ts';
import { at } from './record-shape.ts';

/*
 * Pure. Ids of vendors whose own are unique only below something: the canonical one is the path, `course.work.submission`. For vendors whose
 * ids have no dots.
 */

export function joinIds(...ids: readonly string[]): string {
  return ids.join('.');
}

/** The ids on the path, the record's own last. */
export function splitId(id: string): readonly string[] {
  return id.split('.');
}

/** For a table: the id that is made of these members of the record, `joined('courseId', 'id')`. */
export function joined(...members: readonly string[]) {
  const Identified = z.object(Object.fromEntries(members.map((name) => [name, Id])));
  return at(
    '',
    Identified.transform((ids) => joinIds(...members.map((name) => ids[name] ?? ''))),
  );
}

/** The same of any record, such as the answer to a create; undefined where one of the members is missing. */
export function joinedIdIn(...members: readonly string[]): (record: unknown) => string | undefined {
  const { schema } = joined(...members);
  return (record) => schema.safeParse(record).data;
}
