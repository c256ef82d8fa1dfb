import { Id, optional } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/**
 * Edlink shows an assignment only below its class, and a submission below both, and neither record says of what: what it is below the
 * request's path says. Canonical ids are that path, `class.assignment.submission`; UUIDs have no dots.
 */
const Place = z.object({ class_id: Id, assignment_id: optional(Id) });

/** Pure. The canonical id of what a record is below. */
function parentIdOf({ class_id, assignment_id }: z.output<typeof Place>): string {
  return assignment_id === undefined ? class_id : `${class_id}.${assignment_id}`;
}

/** Pure. The canonical id of a record, by its own id and what it is below. */
export function placedId(above: z.output<typeof Place>, id: string): string {
  return `${parentIdOf(above)}.${id}`;
}

export const parentId = at('', Place.transform(parentIdOf));

/** A category is one of the same class. */
export const categoryId = at(
  '',
  Place.extend({ category_id: optional(Id) }).transform(
    ({ category_id, ...above }) => category_id && placedId(above, category_id),
  ),
);

/** The record's own id, which no record lacks. */
export const ownId = at(
  '',
  Place.extend({ id: Id }).transform((record) => placedId(record, record.id)),
);

/** Pure. The ids on the path, the record's own last. */
export function idsIn(canonicalId: string): readonly string[] {
  return canonicalId.split('.');
}
