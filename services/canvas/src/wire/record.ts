import { DateTime, Id, optional } from '@flotilla/substrate/lenient';
import { z } from 'zod';

/*
 * Canvas shows a section below its course, an assignment below its course and a submission below its section and assignment. Their canonical
 * ids are that path: `course.section`, `course.section.assignment`, `course.section.assignment.user`. Canvas' ids have no dots.
 */

/** Pure. */
export function joinIds(...ids: readonly string[]): string {
  return ids.join('.');
}

/** Pure. */
export function splitId(id: string): readonly string[] {
  return id.split('.');
}

const Identified = z.object({ id: Id });

/** The id of a record that could not be read. */
export function idOf(record: unknown): string | undefined {
  return Identified.safeParse(record).data?.id;
}

const Placed = z.object({ course_id: Id, id: Id });

/** The id of a section or an assignment group that could not be read. */
export function idInCourse(record: unknown): string | undefined {
  const { data } = Placed.safeParse(record);
  return data && joinIds(data.course_id, data.id);
}

/** The members that every canonical record has: `further` is what people may look for, under Canvas' own names. */
export function commonOf(
  { updated_at: dateLastModified }: { readonly updated_at?: string | undefined },
  further: Readonly<Record<string, string | boolean | undefined>> = {},
  status: 'active' | 'inactive' = 'active',
) {
  const metadata = Object.fromEntries(
    Object.entries(further).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined),
  );
  return {
    status,
    ...(dateLastModified === undefined ? {} : { dateLastModified }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

/** Of records that say when they were changed. */
export const dated = { updated_at: optional(DateTime) };
