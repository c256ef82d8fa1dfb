import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { compileSettings, type MergeRules } from '@flotilla/substrate/merge/merge-rules';
import { composeSettings, type MergeSettings } from '@flotilla/substrate/merge/merge-settings';
import { toComplaint } from '../output/complaint.ts';
import { mergeLineRecord } from './merge-line-record.ts';
import { mergeLineSets } from './merge-line-sets.ts';
import { parseJsonLine, parseLine } from './parse-line.ts';
import { readMergeSettings } from './read-merge-settings.ts';
import { refuseUnsayable } from './refuse-unsayable.ts';

/** The answer to one line, as the text of one line. */
export interface LineAnswer {
  readonly text: string;
  readonly isError: boolean;
}

export interface AnswerOptions {
  /** Of the file; a line's own override them, name by name. */
  readonly settings: MergeSettings;
  /** Whether each side is a whole set: an object of id to record. */
  readonly isSet: boolean;
  /** The command that explains a line. */
  readonly help: string;
}

/** Pure. Answers lines, each by itself: one that cannot be merged is answered with what is wrong with it. */
export function createLineAnswerer(options: AnswerOptions): (line: Uint8Array, number: number) => LineAnswer {
  const { settings, isSet, help } = options;
  const rulesOfFile = compileSettings(settings);

  function answer(line: JsonObject): object {
    const { name, id, settings: own, ...sides } = parseLine(line, isSet);
    refuseUnsayable(line, isSet);
    const rules = own === undefined ? rulesOfFile : rulesOf(own);
    return {
      name,
      ...(isSet ? mergeLineSets(sides, rules) : mergeLineRecord(sides, id ?? name, rules)),
    };
  }

  function rulesOf(own: JsonObject): MergeRules {
    const inner = readMergeSettings(own, 'the settings of this line');
    const both = composeSettings(settings, inner);
    // Joined for a customer, where what the model calls volatile stays so; here a line can try to do without.
    return compileSettings(inner.volatile === undefined ? both : { ...both, volatile: inner.volatile });
  }

  return (bytes, number) => {
    let line: JsonObject | undefined;
    try {
      line = parseJsonLine(bytes);
      return { text: JSON.stringify(answer(line)), isError: false };
    } catch (thrown) {
      const name = typeof line?.name === 'string' ? { name: line.name } : {};
      return {
        text: JSON.stringify({ ...name, line: number, error: toComplaint(thrown, help) }),
        isError: true,
      };
    }
  };
}
