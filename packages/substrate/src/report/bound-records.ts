import { type CutLengths, cutMembers } from './cut-members.ts';
import { takeWithin } from './json-size.ts';

/**
 * What each part of a report may weigh, in bytes of JSON: together below 140 kB, so that no page that shows a report is heavier than 300 with
 * all that it is made of. What does not fit is counted, as what was not asked for is.
 */
export const weights = {
  problems: 37_000,
  conflicts: 25_000,
  /** A run has either changes or a plan that came to nothing. */
  changes: 40_000,
  pushes: 25_000,
  noise: 4_000,
} as const;

/** One record may take no more of its part. Any one field is below it. */
const mostOfRecord = 20_000;
/** What is planned for a record on our side, what at the vendor, and what of it conflicts: of each. */
const mostOfSide = 13_000;

interface Pointed {
  readonly pointer: string;
}

type Cut<Field> = Field & { readonly cut?: CutLengths };

/** Pure. Fields of one record, their long values cut, and how many more there are. */
export function boundFields<Field extends Pointed>(
  fields: readonly Field[],
): { readonly fields: readonly Cut<Field>[]; readonly fieldsOmitted?: number } {
  const { kept, omitted } = boundLines(fields, mostOfRecord);
  return { fields: kept, ...(omitted === 0 ? {} : { fieldsOmitted: omitted }) };
}

/** Pure. What would become of one record, likewise. */
export function boundPlanned<Line extends Pointed, Conflict extends Pointed>(planned: {
  readonly toOurs: readonly Line[];
  readonly toTheirs: readonly Line[];
  readonly conflicts: readonly Conflict[];
}): {
  readonly toOurs: readonly Cut<Line>[];
  readonly toTheirs: readonly Cut<Line>[];
  readonly conflicts: readonly Cut<Conflict>[];
  readonly linesOmitted?: number;
} {
  const toOurs = boundLines(planned.toOurs, mostOfSide);
  const toTheirs = boundLines(planned.toTheirs, mostOfSide);
  const conflicts = boundLines(planned.conflicts, mostOfSide);
  const omitted = toOurs.omitted + toTheirs.omitted + conflicts.omitted;
  return {
    toOurs: toOurs.kept,
    toTheirs: toTheirs.kept,
    conflicts: conflicts.kept,
    ...(omitted === 0 ? {} : { linesOmitted: omitted }),
  };
}

function boundLines<Line extends Pointed>(
  lines: readonly Line[],
  mostBytes: number,
): { readonly kept: readonly Cut<Line>[]; readonly omitted: number } {
  const kept = takeWithin(lines, mostBytes, (line) => cutMembers(line));
  return { kept, omitted: lines.length - kept.length };
}
