import { closeDirection, toPlainText } from '@flotilla/substrate/report/plain-text';

/** Pure. A record as people know it: `user Ada Lovelace (u-17)`; by its id alone where it has no name. */
export function nameRecord({
  entityType,
  recordId,
  name,
}: {
  readonly entityType: string;
  readonly recordId: string;
  readonly name: string | null;
}): string {
  const id = toPlainText(recordId, 100);
  if (name === null || name === '') return `${entityType} ${id}`;
  return `${entityType} ${closeDirection(toPlainText(name, 100))} (${id})`;
}
