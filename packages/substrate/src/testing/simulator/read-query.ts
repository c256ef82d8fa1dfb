import type { VendorProblem } from './exchange.ts';

/** Pure. The refusal (400) of a query with a name that the vendor does not know, or with one given twice that is no list. */
export function checkNames(
  query: URLSearchParams,
  known: readonly string[],
  lists: readonly string[] = [],
): VendorProblem | undefined {
  const names = [...query.keys()];
  const all = [...known, ...lists];
  const strange = names.find((name) => !all.includes(name));
  if (strange !== undefined) return refuse(`Unknown query parameter ${strange}; known: ${all.join(', ')}`);
  const repeated = names.find((name, at) => names.indexOf(name) !== at && !lists.includes(name));
  return repeated === undefined ? undefined : refuse(`Query parameter ${repeated} is given twice`);
}

export interface WholeNumber {
  /** Where the parameter is not given. */
  readonly fallback: number;
  readonly least?: number;
  readonly most?: number;
}

/** Pure. A whole number within limits, or the refusal (400). */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { fallback, least = 0, most = 2_147_483_647 }: WholeNumber,
): number | VendorProblem {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  const upTo = most === 2_147_483_647 ? '' : ` to ${most}`;
  return refuse(`${name} must be a whole number from ${least}${upTo}, not ${text === '' ? '(empty)' : text}`);
}

/** Pure. One of the given words, undefined where the parameter is not given, or the refusal (400). */
export function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): Word | undefined | VendorProblem {
  const text = query.get(name);
  if (text === null) return undefined;
  const word = words.find((known) => known === text);
  return word ?? refuse(`${name} must be one of ${words.join(', ')}, not ${text === '' ? '(empty)' : text}`);
}

function refuse(description: string): VendorProblem {
  return { status: 400, description };
}
