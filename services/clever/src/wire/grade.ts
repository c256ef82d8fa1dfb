import { readAs } from '@flotilla/substrate/lenient';
import { gradeOf } from '@flotilla/substrate/vendor';

/** Clever has a word for what is none. */
export const Grade = readAs(
  'a grade',
  (text) => gradeOf(text) ?? (/^other$/i.test(text) ? 'Other' : undefined),
);

/** From the youngest on. */
const codes = 'IT PR PK TK KG 01 02 03 04 05 06 07 08 09 10 11 12 13'.split(' ');

/** Pure. The grades of a school that says its lowest and its highest; undefined where they are in no order. */
export function gradesBetween(low = '', high = ''): string[] | undefined {
  const [first, last] = [codes.indexOf(low), codes.indexOf(high)];
  return first === -1 || last < first ? undefined : codes.slice(first, last + 1);
}
