import type { JsonValue } from '../json/json-value.ts';
import { valueAt } from '../json/value-at.ts';
import type { BatchWrite, JobFailure } from './batch-write.ts';

/** Where the vendor's answer says how far a job is, as JSON Pointers, and in which words. */
interface JobTable {
  readonly state: string;
  /** Its words for a job that is not done. */
  readonly running: readonly string[];
  /** Its words for one that came to its end by itself; what it says of others stands with every record that did not arrive. */
  readonly ended: readonly string[];
  /** In percent. */
  readonly progress?: string;
  /** Lists of what it did not like: texts, or lists of texts, such as a file and what is wrong with it. */
  readonly messages: readonly string[];
}

/**
 * Pure. Reads a job by a table. Messages are told in the vendor's own words; one that speaks of a row of the file (`row 5`) is of that record.
 * The first row has the columns' names.
 */
export function jobStateBy(table: JobTable): BatchWrite['job']['read'] {
  const { running, ended } = table;
  return (answer) => {
    const state = valueAt(answer, table.state);
    if (typeof state !== 'string') return undefined;
    if (running.includes(state)) {
      const progress = Number(valueAt(answer, table.progress ?? '') ?? Number.NaN);
      return { state: 'running', ...(table.progress !== undefined && progress >= 0 ? { progress } : {}) };
    }
    const failures = table.messages.flatMap((list) => elementsOf(valueAt(answer, list)).map(toFailure));
    const stopped = ended.includes(state) ? [] : [{ message: `The job ended as ${state}` }];
    return { state: 'done', failures: [...failures, ...stopped] };
  };
}

function elementsOf(list: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(list) ? list : [];
}

function toFailure(said: JsonValue): JobFailure {
  const words = Array.isArray(said) ? said : [said];
  const message = words
    .map((word: JsonValue) => (typeof word === 'string' ? word : JSON.stringify(word)))
    .join(': ');
  const row = /\brow (\d+)/i.exec(message)?.[1];
  return { ...(row === undefined ? {} : { of: Number(row) - 2 }), message };
}
