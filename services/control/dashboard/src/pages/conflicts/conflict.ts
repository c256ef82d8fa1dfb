import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { ParamsOf, ResultOf } from '../../rpc/call.ts';

export type Conflict = ResultOf<'conflicts.list.v1'>['conflicts'][number];
export type Decision = ParamsOf<'conflicts.resolve.v1'>['decisions'][number];
export type Choice = Decision['choice'];
export type Foretold = ResultOf<'conflicts.resolve.v1'>['foretold'][number];

/** Control decides no more in one call: all of them, or none. */
export const mostDecisions = 100;

export function isOpen({ state }: Conflict): boolean {
  return state === 'open' || state === 'decided';
}

export function nameField({ pointer }: Pick<Conflict, 'pointer'>): string {
  return pointer === '' ? 'the whole record' : pointer;
}

/** One line, for those who hear it, and for labels. */
export function nameConflict(
  conflict: Pick<Conflict, 'pointer' | 'entityType' | 'recordId' | 'name'>,
): string {
  const { entityType, recordId, name } = conflict;
  return toPlainText(
    `${nameField(conflict)} of ${entityType} ${name === null ? '' : `${name} `}${recordId}`,
    120,
  );
}

/** What stands where a side has nothing. */
export function sayAbsent({ pointer, sides }: Pick<Conflict, 'pointer' | 'sides'>): string {
  if (pointer === '') return sides.base === undefined ? 'no such record' : 'deleted';
  return 'not there';
}

export function sayChoice(choice: Choice): string {
  return typeof choice === 'string' ? choice : 'another value';
}

/** One line, for those who hear it. */
export function sayValue(value: JsonValue | undefined, absent: string): string {
  if (value === undefined) return absent;
  return toPlainText(typeof value === 'string' ? value : JSON.stringify(value), 60);
}
