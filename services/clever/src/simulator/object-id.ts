import { createHash } from 'node:crypto';

/** The seconds that Mongo writes first: ids grow with the time of creation, so the number in a district's id stands for it. */
const epoch = Date.UTC(2025, 6, 1) / 1000;

/** Pure. A Clever id, 24 hexadecimal digits, for an id of the generated district. */
export function objectId(kind: string, id: string): string {
  const number = Number(/\d+(?=\D*$)/.exec(id)?.[0] ?? 0);
  const rest = createHash('sha256').update(`${kind} ${id}`).digest('hex').slice(0, 16);
  return (epoch + number).toString(16).padStart(8, '0') + rest;
}
