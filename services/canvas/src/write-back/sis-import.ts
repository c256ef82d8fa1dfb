import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { textAt } from '@flotilla/substrate/json/value-at';
import { optional, Text } from '@flotilla/substrate/lenient';
import type { EntityType } from '@flotilla/substrate/model';
import {
  type BatchedRecord,
  type BatchWrite,
  dayBegins,
  dayEnds,
  dayOf,
  type EntityWrite,
  joinedIdIn,
  present,
  toCsv,
} from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, ofAccount, resource } from '../paths.ts';

/** By which column an import knows a record, and where the SIS's id stands in the canonical one. Canvas shows it as `sis_<column>`. */
const sisIds = {
  org: { column: 'account_id', pointer: '/identifier' },
  academicSession: { column: 'term_id', pointer: '/metadata/sis_term_id' },
  course: { column: 'course_id', pointer: '/metadata/sis_course_id' },
  class: { column: 'section_id', pointer: '/metadata/sis_section_id' },
  user: { column: 'user_id', pointer: '/identifier' },
} as const satisfies Partial<Record<EntityType, { readonly column: string; readonly pointer: string }>>;

type Known = keyof typeof sisIds;
type Columns = Readonly<Record<string, string | undefined>>;
type Written<T extends EntityType> = EntityWrite<T, Connection>;

interface SisFile<T extends EntityType> {
  readonly members: Written<T>['members'];
  /** All but the record's own ids, which are always there, and a status that is `active`. */
  readonly columns: (record: BatchedRecord<T>, connection: Connection) => Columns;
  /** A list that a created record is in: an import says how many rows it took, not what became of each. */
  readonly where: NonNullable<Written<T>['assignment']>['where'];
  /** Default: the SIS's id. */
  readonly identity?: NonNullable<Written<T>['assignment']>['identity'];
}

/**
 * Pure. Records go in by an import from a SIS: a file of CSV, on which Canvas works by itself. They are known by the SIS's own ids, which
 * therefore cannot be changed so. Whatever a row leaves blank Canvas empties, but for accounts and terms of courses.
 */
export function sisImport<T extends Known | 'enrollment'>(
  entityType: T,
  { members, columns, where, identity }: SisFile<T>,
): Written<T> {
  const own = entityType === 'enrollment' ? undefined : sisIds[entityType as Known];
  return {
    members,
    batch: {
      row: (record, connection) => {
        const { status = 'active', ...told } = columns(record, connection);
        const ids = own === undefined ? {} : ownIds(own, record);
        return present({ ...ids, ...told, status: record.action === 'delete' ? 'deleted' : status });
      },
      request: (rows) => ({
        method: 'POST',
        ...ofAccount('sis_imports'),
        // Who wins where people have changed the same in Canvas is decided already.
        query: { import_type: 'instructure_csv', extension: 'csv', override_sis_stickiness: true },
        text: toCsv(rows),
        contentType: 'text/csv; charset=utf-8',
      }),
      job: {
        idIn: joinedIdIn('id'),
        at: (jobId) => resource(['accounts', 'self', 'sis_imports', jobId]),
        read: readJob,
      },
    },
    assignment: {
      idIn: () => undefined,
      where,
      identity: identity ?? (own === undefined ? [] : [own.pointer]),
    },
  };
}

type Row = Pick<BatchedRecord, 'value' | 'latest' | 'refersTo'>;

function ownIds({ column, pointer }: (typeof sisIds)[Known], { value, latest }: Row): Columns {
  const id = textAt(`/sis_${column}`)(latest) ?? textAt(pointer)(value as JsonObject);
  if (id === undefined) throw cannotImport('records without an SIS id', `give it one (${pointer})`);
  // Left out, it would be emptied.
  return { [column]: id, integration_id: textAt('/integration_id')(latest) };
}

/** Pure. The SIS's id of what the record refers to. Canvas' own ids have no place in an import. */
export function sisIdAt({ refersTo }: Pick<Row, 'refersTo'>, pointer: string): string {
  const referred = refersTo.get(pointer);
  const { entityType, id: recordId, value } = referred ?? {};
  const { pointer: place } = sisIds[entityType as Known] ?? {};
  const id = place && textAt(place)(value);
  if (id !== undefined) return id;
  throw cannotImport('what refers to a record without an SIS id', 'give that one an SIS id in Canvas', {
    pointer,
    entityType,
    recordId,
  });
}

/** Pure. As `sisIdAt`; the root account, which has none for imports, is blank. */
export function accountIdAt(record: Pick<Row, 'refersTo'>, pointer: string): string {
  const type = record.refersTo.get(pointer)?.value['type'];
  return type === 'district' ? '' : sisIdAt(record, pointer);
}

/** Pure. Days as the moments at which they begin and end. One that is the same day stays as it is, to the minute. */
export function datesOf(
  { latest }: Pick<Row, 'latest'>,
  begins: string | undefined,
  ends: string | undefined,
  { timeZone }: Connection,
): Columns {
  const dateOf = (name: string, day: string | undefined, toMoment: typeof dayBegins) => {
    const kept = textAt(`/${name}`)(latest);
    return kept !== undefined && dayOf(kept, timeZone) === day ? kept : day && toMoment(day, timeZone);
  };
  return { start_date: dateOf('start_at', begins, dayBegins), end_date: dateOf('end_at', ends, dayEnds) };
}

/** Pure. Refuses one record. */
export function cannotImport(what: string, change: string, data: object = {}): Failure {
  return new Failure('push_rejected', 'Canvas takes no such record by an import', {
    data: { what, change, ...data },
  });
}

const Messages = optional(z.array(z.tuple([Text, Text]).rest(z.unknown())));

const Import = z.object({
  workflow_state: z.string(),
  progress: optional(z.coerce.number()),
  processing_warnings: Messages,
  processing_errors: Messages,
});

const underWay = new Set(['initializing', 'created', 'importing', 'cleanup_batch']);

/** Messages name the file and, in Canvas' words, what is wrong; seldom the row, of which the first has the columns' names. */
function readJob(answer: JsonValue): ReturnType<BatchWrite['job']['read']> {
  const { data: job } = Import.safeParse(answer);
  if (job === undefined) return undefined;
  const { workflow_state: state, progress, processing_errors = [], processing_warnings = [] } = job;
  if (underWay.has(state)) return { state: 'running', ...present({ progress }) };
  const failures = [...processing_errors, ...processing_warnings].map(([file, message]) => {
    const row = /\brow (\d+)/i.exec(message)?.[1];
    return { ...(row === undefined ? {} : { of: Number(row) - 2 }), message: `${file}: ${message}` };
  });
  const isTaken = state.startsWith('imported');
  return {
    state: 'done',
    failures: isTaken ? failures : [...failures, { message: `The import ended as ${state}` }],
  };
}
