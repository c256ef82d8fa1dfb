import { z } from 'zod';
import { Id, optional } from './lenient.ts';
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

/**
 * For a table: the id of what a record refers to below what it is itself below, `joinedTo('course_id', 'group_id')`; undefined where the last
 * member is absent. As that one it is written.
 */
export function joinedTo(...members: readonly [...string[], string]) {
  const [last = ''] = members.slice(-1);
  const above = members.slice(0, -1);
  const Named = z.object({ ...Object.fromEntries(above.map((name) => [name, Id])), [last]: optional(Id) });
  return at(
    '',
    Named.transform((ids: Readonly<Record<string, string | undefined>>) =>
      ids[last] === undefined ? undefined : joinIds(...members.map((name) => ids[name] ?? '')),
    ),
    (id) => ({ [last]: id === undefined ? undefined : splitId(id).at(-1) }),
  );
}

/** The id of any record, such as the answer to a create; undefined where one of the members is missing. */
export function joinedIdIn(...members: readonly string[]): (record: unknown) => string | undefined {
  const { schema } = joined(...members);
  return (record) => schema.safeParse(record).data;
}
