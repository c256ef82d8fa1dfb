import { showText } from './show-text.ts';

/** What one knows a record by. */
export interface CalledRecord {
  readonly entityType: string;
  readonly recordId: string;
  readonly name?: string | null | undefined;
}

/** Pure. A record as people know it: `user Ada Lovelace (u-17)`; by its id alone where it has no name. */
export function callRecord({ entityType, recordId, name }: CalledRecord): string {
  const id = showText(recordId, 100);
  return name === undefined || name === null || name === ''
    ? `${entityType} ${id}`
    : `${entityType} ${showText(name, 100)} (${id})`;
}
