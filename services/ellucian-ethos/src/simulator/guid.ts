import { createHash } from 'node:crypto';

/** Pure. An Ethos GUID for an id of the generated district: in lower case, with the marks of version 4. */
export function guid(kind: string, id: string): string {
  const hex = createHash('sha256').update(`${kind} ${id}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
