import type { JsonValue } from '../json/json-value.ts';
import { textOf } from './show-text.ts';

/** Of a value, so much is shown. Characters: of a text, and of the JSON of any other value. */
export const longestValue = 1_000;
/** Of the place of a field, and of the words of a rule. */
const longestName = 300;

const lengths = {
  pointer: longestName,
  rule: longestName,
  before: longestValue,
  after: longestValue,
  base: longestValue,
  ours: longestValue,
  theirs: longestValue,
} as const;

type Cuttable = keyof typeof lengths;

/**
 * How long those members of a field are, whole, of which only the beginning is told: in characters of the text, or of the JSON where it is none.
 * It stands beside the values, where nothing that a vendor sends can be taken for it.
 */
export type CutLengths = { readonly [Name in Cuttable]?: number };

/** Pure. A field with its long members cut: each is then a text, the beginning of the whole one or of its JSON, and `cut` has its length. */
export function cutMembers<Field extends { readonly [Name in Cuttable]?: JsonValue }>(
  field: Field,
): Field & { readonly cut?: CutLengths } {
  const beginnings: { [Name in Cuttable]?: string } = {};
  const cut: { [Name in Cuttable]?: number } = {};
  for (const [name, longest] of Object.entries(lengths) as [Cuttable, number][]) {
    const value = field[name];
    if (value === undefined) continue;
    const text = textOf(value);
    if (text.length <= longest) continue;
    cut[name] = text.length;
    beginnings[name] = beginningOf(text, longest);
  }
  return Object.keys(cut).length === 0 ? field : { ...field, ...beginnings, cut };
}

/** Pure. Half of a character that would be cut through goes too. */
export function beginningOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}
