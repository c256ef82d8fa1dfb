import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { textAt, valueAt } from '@flotilla/substrate/json/value-at';
import type { EntityType } from '@flotilla/substrate/model';
import {
  type BatchedRecord,
  dayBegins,
  dayEnds,
  type EntityWrite,
  externalIds,
  jobStateBy,
  joinedIdIn,
  present,
  toCsv,
} from '@flotilla/substrate/vendor';
import { type Connection, ofAccount } from '../paths.ts';

type Columns = Readonly<Record<string, string | undefined>>;
type Write<T extends EntityType> = EntityWrite<T, Connection>;

/** Which list a created record is in, and what it is known by there: an import says how many rows it took, not what became of each. */
interface SisFile<T extends EntityType> extends Omit<NonNullable<Write<T>['assignment']>, 'idIn'> {
  readonly members: Write<T>['members'];
  /** Without a status it is `active`. */
  readonly columns: (record: BatchedRecord<T>, connection: Connection) => Columns;
}

/** Imports know records by the SIS's ids, which therefore cannot be changed so. */
export const sisIds = externalIds({
  org: '/identifier',
  academicSession: '/metadata/sis_term_id',
  course: '/metadata/sis_course_id',
  class: '/metadata/sis_section_id',
  user: '/identifier',
});

/** Messages name the file and, in Canvas' words, what is wrong; seldom the row. */
const read = jobStateBy({
  state: '/workflow_state',
  running: ['initializing', 'created', 'importing', 'cleanup_batch'],
  ended: ['imported', 'imported_with_messages'],
  progress: '/progress',
  messages: ['/processing_errors', '/processing_warnings'],
});

/**
 * Pure. Records go in by an import from a SIS: a file of CSV, on which Canvas works by itself. What a row leaves blank it empties, but for the
 * account and the term of a course.
 */
export function sisImport<T extends EntityType>({ members, columns, ...assignment }: SisFile<T>): Write<T> {
  return {
    members,
    batch: {
      row: (record, connection) => {
        const { status = 'active', ...told } = columns(record, connection);
        const integration_id = textAt('/integration_id')(record.latest);
        return present({ ...told, integration_id, status: record.action === 'delete' ? 'deleted' : status });
      },
      request: (rows) => ({
        method: 'POST',
        ...ofAccount('sis_imports'),
        // Who wins where people have changed the same in Canvas is decided already.
        query: { import_type: 'instructure_csv', extension: 'csv', override_sis_stickiness: true },
        text: toCsv(rows),
        contentType: 'text/csv; charset=utf-8',
      }),
      job: { idIn: joinedIdIn('id'), at: (jobId) => ofAccount(['sis_imports', jobId]), read },
    },
    assignment: { idIn: () => undefined, ...assignment },
  };
}

type Days = readonly [begins: string | undefined, ends: string | undefined];
type Row = Pick<BatchedRecord, 'value' | 'latest' | 'refersTo'>;

/** Pure. The SIS's id of an account that a record is of. The root account has none in imports: blank stands for it, as where none is named. */
export function accountIdAt(pointer: string, record: Row): string {
  const isRoot = record.refersTo.get(pointer)?.value['type'] === 'district';
  return isRoot || valueAt(record.value as JsonObject, pointer) === undefined
    ? ''
    : sisIds.at(pointer, record);
}

/** Pure. The days on which it begins and ends, as moments. */
export function datesOf({ latest }: Row, [begins, ends]: Days, { timeZone }: Connection): Columns {
  return {
    start_date: begins && dayBegins(begins, timeZone, textAt('/start_at')(latest)),
    end_date: ends && dayEnds(ends, timeZone, textAt('/end_at')(latest)),
  };
}
