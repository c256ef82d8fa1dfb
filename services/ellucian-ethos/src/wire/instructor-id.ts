const prefix = 'instructor-';

/** The canonical id of an instructor's assignment to a section: nothing else in a GUID says of which resource it is. */
export function instructorId(id: string): string {
  return `${prefix}${id}`;
}

/** The resource, and its own id, in such an id; undefined for a registration's. */
export function instructorIn(id: string): readonly ['section-instructors', string] | undefined {
  return id.startsWith(prefix) ? ['section-instructors', id.slice(prefix.length)] : undefined;
}
