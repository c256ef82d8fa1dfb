import { z } from 'zod';
import { Id, optional } from './lenient.ts';
import { envelope } from './record.ts';

/**
 * Edlink shows an assignment only below its class, and a submission below both, and neither record says of what: what it is below the
 * request's path says. Canonical ids are that path, `class.assignment.submission`; UUIDs have no dots.
 */
export const placed = { ...envelope, class_id: Id, assignment_id: optional(Id) };

interface Place {
  readonly class_id: string;
  readonly assignment_id?: string | undefined;
}

/** Pure. The canonical id of what a record is below. */
export function parentIdOf({ class_id, assignment_id }: Place): string {
  return assignment_id === undefined ? class_id : `${class_id}.${assignment_id}`;
}

/** Pure. The canonical id of a record below a class. */
export function placedId(record: Place & { readonly id: string }): string {
  return `${parentIdOf(record)}.${record.id}`;
}

/** Pure. The ids on the path, the record's own last. */
export function idsIn(canonicalId: string): readonly string[] {
  return canonicalId.split('.');
}

const Placed = z.object(placed).pick({ id: true, class_id: true, assignment_id: true });

/** The id of such a record that could not be read. */
export function placedIdOf(record: unknown): string | undefined {
  const { data } = Placed.safeParse(record);
  return data && placedId(data);
}
