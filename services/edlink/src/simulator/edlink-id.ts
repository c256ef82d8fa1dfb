import { createHash } from 'node:crypto';

/** Pure. A UUID of version 4, as all of Edlink's ids are, that follows from the district's own ids. */
export function edlinkId(kind: string, ...parts: readonly string[]): string {
  const hex = createHash('sha256')
    .update([kind, ...parts].join(' '))
    .digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return [...groups, hex.slice(20, 32)].join('-');
}

/** Pure. What a record of a gradebook is called in edits: its path below the class. */
export function joinIds(...ids: readonly string[]): string {
  return ids.join('.');
}

/** Asked for as the event after which all come. */
export const nilId = '00000000-0000-0000-0000-000000000000';

/** Pure. */
export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
