import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';

/** The members of a line that say what is to be merged; each absent where the line leaves it out. */
export interface MergeLine {
  readonly name: string;
  readonly id: string | undefined;
  readonly base: JsonObject | undefined;
  readonly ours: JsonObject | undefined;
  readonly theirs: JsonObject | undefined;
  readonly settings: JsonObject | undefined;
}

const membersOfSet = ['name', 'base', 'ours', 'theirs', 'settings'];
const membersOfRecord = [...membersOfSet, 'id'];

/** Pure. Reads a line's own form; what its records hold is left alone. Fails with `invalid_params`. */
export function parseLine(line: JsonObject, isSet: boolean): MergeLine {
  const members = isSet ? membersOfSet : membersOfRecord;
  for (const member of Object.keys(line)) if (!members.includes(member)) throw refuseMember(member, members);
  return {
    name: textOf(line, 'name') ?? refuseNameless(),
    id: textOf(line, 'id'),
    base: objectOf(line, 'base'),
    ours: objectOf(line, 'ours'),
    theirs: objectOf(line, 'theirs'),
    settings: objectOf(line, 'settings'),
  };
}

/** Pure. The JSON object that a line of bytes is. Fails with `invalid_params`. */
export function parseJsonLine(bytes: Uint8Array): JsonObject {
  const value = parseJson(bytes);
  if (isJsonObject(value)) return value;
  throw new Failure('invalid_params', 'This line is no JSON object', {
    data: { found: describeJson(value), advice: lineAdvice },
  });
}

const lineAdvice =
  'Write one JSON object a line, such as {"name": "r1", "base": {…}, "ours": {…}, "theirs": {…}}';

/** Refuses what is no UTF-8, where a lenient reader would merge replacement characters; leaves a byte order mark out. */
const decoder = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new Failure('invalid_params', 'This line is not in UTF-8', {
      data: { advice: 'Save the file in UTF-8 and run again.' },
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8's message quotes the line, whose records may be a pupil's: of it only the position is told, where it has one.
    const position = /position (\d+)/.exec(String(cause))?.[1];
    throw new Failure('invalid_params', 'This line is no JSON', {
      data: { ...(position === undefined ? {} : { column: Number(position) + 1 }), advice: lineAdvice },
    });
  }
}

function textOf(line: JsonObject, member: 'name' | 'id'): string | undefined {
  const value = line[member];
  if (value === undefined || typeof value === 'string') return value;
  throw new Failure('invalid_params', 'A member of this line must be a text', {
    data: { member, found: describeJson(value), advice: `Put ${member} in quotes.` },
  });
}

function objectOf(line: JsonObject, member: 'base' | 'ours' | 'theirs' | 'settings'): JsonObject | undefined {
  const value = line[member];
  if (value === undefined || isJsonObject(value)) return value;
  throw new Failure('invalid_params', 'A member of this line must be a JSON object', {
    data: {
      member,
      found: describeJson(value),
      advice:
        member === 'settings'
          ? 'Give the settings as an object, or leave the member out.'
          : `Where ${member} has no record, leave the member out: null is no record.`,
    },
  });
}

function refuseNameless(): never {
  throw new Failure('invalid_params', 'This line has no name', {
    data: { member: 'name', advice: 'Give each line a name: its answer carries it.' },
  });
}

function refuseMember(member: string, members: readonly string[]): Failure {
  const near = findNearest(member, members);
  return new Failure('invalid_params', 'This line has a member that no line has', {
    data: {
      member,
      advice: near === undefined ? `A line has ${members.join(', ')}.` : `Did you mean "${near}"?`,
    },
  });
}

/** Pure. What was found where something else should stand. */
export function describeJson(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
