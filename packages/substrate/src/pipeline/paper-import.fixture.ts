import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { Route } from '../testing/simulator/exchange.ts';
import type { BatchWrite } from '../vendor/batch-write.ts';
import type { Gradebook, ShelfName } from './paper-gradebook.fixture.ts';

/**
 * Paper School's uploads: rows of CSV that it works on by itself. Users are put under ids that the client chooses; a category gets its id from
 * the school and goes by its title. A user's school stands there by its name. Rows that it does not like are named in the job's warnings, in its own words.
 */
export interface Upload {
  readonly id: string;
  readonly shelf: ShelfName;
  readonly rows: readonly JsonObject[];
  /** Times that it is still asked for before it is done. */
  left: number;
  isTakenIn: boolean;
  readonly warnings: string[];
}

export type ImportHabit =
  | 'works-late'
  | 'aborts'
  | 'refuses'
  | 'forgets-jobs'
  | 'never-ends'
  | 'warns'
  | 'rounds-weights';

export interface ImportDesk {
  readonly uploads: Upload[];
  /** What it is like on a given day. */
  readonly importHabits: Set<ImportHabit>;
}

const Uploaded = z.object({ upload: z.string() });
const Job = z.object({
  state: z.enum(['running', 'done', 'aborted']),
  percent: z.number(),
  warnings: z.array(z.string()),
});

/** `names`: what our members are called there. */
export function uploadTo<T extends EntityType>(
  shelf: ShelfName,
  names: Readonly<Record<string, string>>,
): BatchWrite<T> {
  return {
    size: 3,
    pollSeconds: 20,
    row: ({ id, action, value, refersTo }) => {
      const row: Record<string, string> = { id, action };
      for (const [ours, theirs] of Object.entries(names)) row[theirs] = cellOf((value as JsonObject)[ours]);
      const school = refersTo.get('/primaryOrgSourcedId');
      if (school !== undefined) row.school = cellOf(school.value.name);
      if (Object.values(row).some((cell) => cell.includes(',')))
        throw new Failure('push_rejected', 'A file of Paper School has no place for commas', { data: row });
      return row;
    },
    request: (rows) => ({
      method: 'POST',
      path: '/uploads',
      query: { shelf },
      text: [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)].map((row) => row.join(',')).join('\n'),
      contentType: 'text/csv',
    }),
    job: {
      idIn: (answer) => Uploaded.safeParse(answer).data?.upload,
      at: (jobId) => ({ path: `/uploads/${encodeURIComponent(jobId)}` }),
      read(answer) {
        const job = Job.safeParse(answer).data;
        if (job === undefined) return undefined;
        if (job.state === 'running') return { state: 'running', progress: job.percent };
        const failures = job.warnings.map((message) => {
          const row = /^row (\d+):/.exec(message)?.[1];
          // The first row of the file has the columns' names.
          return row === undefined ? { message } : { of: Number(row) - 2, message };
        });
        return { state: 'done', failures };
      },
    },
  };
}

function cellOf(member: JsonValue | undefined): string {
  return typeof member === 'string' ? member : (JSON.stringify(member) ?? '');
}

export function importRoutes(desk: ImportDesk, book: Gradebook): Readonly<Record<string, Route>> {
  return {
    'POST /uploads': ({ query, headers, body }) => {
      if (headers['content-type'] !== 'text/csv') return { status: 415, json: { error: 'not CSV' } };
      if (desk.importHabits.has('refuses')) return { status: 422, json: { error: 'no uploads today' } };
      const [columns = [], ...rows] = body.split('\n').map((line) => line.split(','));
      const upload: Upload = {
        id: `upload-${desk.uploads.length + 1}`,
        shelf: query.get('shelf') as ShelfName,
        rows: rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? '']))),
        left: 2,
        isTakenIn: false,
        warnings: [],
      };
      desk.uploads.push(upload);
      if (!desk.importHabits.has('works-late')) takeIn(desk, book, upload);
      return { status: 200, json: { upload: upload.id } };
    },
    'GET /uploads/:id': ({ params }) => {
      const upload = desk.uploads.find(({ id }) => id === params.id);
      if (upload === undefined || desk.importHabits.has('forgets-jobs'))
        return { status: 404, json: { error: 'no such upload' } };
      if (!desk.importHabits.has('never-ends')) upload.left -= 1;
      if (upload.left > 0) return { status: 200, json: { state: 'running', percent: 50, warnings: [] } };
      takeIn(desk, book, upload);
      const state = desk.importHabits.has('aborts') ? 'aborted' : 'done';
      return { status: 200, json: { state, percent: 100, warnings: upload.warnings } };
    },
  };
}

function takeIn({ importHabits }: ImportDesk, book: Gradebook, upload: Upload): void {
  const roundOff = importHabits.has('rounds-weights') ? Math.round : Number;
  if (upload.isTakenIn) return;
  upload.isTakenIn = true;
  if (importHabits.has('aborts')) upload.warnings.push('somebody stopped the upload');
  else
    upload.rows.forEach((row, at) => {
      const complaint = takeRow(book, upload, row, roundOff);
      if (complaint !== undefined) upload.warnings.push(`row ${at + 2}: ${complaint}`);
      else if (importHabits.has('warns')) upload.warnings.push(`row ${at + 2}: looks odd`);
    });
}

function takeRow(
  book: Gradebook,
  { shelf: name }: Upload,
  row: JsonObject,
  toWeight: (cell: number) => number,
): string | undefined {
  const { id, action, ...cells } = row;
  const members = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''));
  const shelf = book[name];
  const isAssigned = name === 'categories';
  const at = shelf.findIndex((one) => one.id === id || (isAssigned && one.title === members.title));
  if (action === 'delete') {
    if (at >= 0) shelf.splice(at, 1);
    return undefined;
  }
  const school = book.orgs.find(({ name: called }) => called === members.school);
  if (school === undefined && members.school !== undefined)
    return `there is no school ${members.school as string}`;
  const kept = shelf[at]?.id ?? (isAssigned ? `cat-${++book.given}` : (id as string));
  const weight = members.weight === undefined ? {} : { weight: toWeight(Number(members.weight)) };
  const record = {
    id: kept,
    ...members,
    ...weight,
    ...(school === undefined ? {} : { school: school.id as string }),
  };
  if (at >= 0) shelf[at] = record;
  else shelf.push(record);
  return undefined;
}
