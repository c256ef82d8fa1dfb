import { Id, optional } from '@flotilla/substrate/lenient';
import { z } from 'zod';

/**
 * Edlink shows an assignment only below its class, and a submission below both, and neither record says of what: what it is below the
 * request's path says. Canonical ids are that path, `class.assignment.submission`; UUIDs have no dots.
 */
export const place = { class_id: Id, assignment_id: optional(Id) };
type Place = z.output<z.ZodObject<typeof place>>;

/** Pure. The canonical id of what a record is below. */
export function parentIdOf({ class_id, assignment_id }: Place): string {
  return assignment_id === undefined ? class_id : `${class_id}.${assignment_id}`;
}

/** Pure. The canonical id of a record, by its own id and what it is below. */
export function placedId(above: Place, id: string): string {
  return `${parentIdOf(above)}.${id}`;
}

/** Pure. The ids on the path, the record's own last. */
export function idsIn(canonicalId: string): readonly string[] {
  return canonicalId.split('.');
}

const Placed = z.object({ ...place, id: Id });

/** The id of such a record that could not be read. */
export function placedIdOf(record: unknown): string | undefined {
  const { data } = Placed.safeParse(record);
  return data && placedId(data, data.id);
}
