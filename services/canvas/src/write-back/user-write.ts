import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { Id, optional, Text } from '@flotilla/substrate/lenient';
import type { BatchedRecord, BatchWrite, EntityWrite } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { accept, at, type Connection, pathTo } from '../paths.ts';
import { idOf } from '../wire/record.ts';

/**
 * Pure. People go in by an import from a SIS: a file of `users.csv`, on which Canvas works by itself. They are known by the SIS's own id,
 * which therefore cannot be changed so. A deleted person's enrollments go along.
 */
export const userWrite: EntityWrite<'user', Connection> = {
  members: ['username', 'givenName', 'familyName', 'email'],
  batch: {
    row: rowOf,
    request: (rows) => ({
      method: 'POST',
      path: pathTo('accounts', 'self', 'sis_imports'),
      // Who wins where people have changed the same in Canvas is decided already.
      query: { import_type: 'instructure_csv', extension: 'csv', override_sis_stickiness: true },
      text: [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)]
        .map((row) => row.map(cell).join(','))
        .join('\n'),
      contentType: 'text/csv; charset=utf-8',
      accept,
    }),
    job: {
      idIn: idOf,
      at: (jobId) => at(['accounts', 'self', 'sis_imports', jobId]),
      read: readJob,
    },
  },
  assignment: {
    // An import says how many rows it took, not what became of each.
    idIn: () => undefined,
    where: ({ value }) =>
      at(['accounts', 'self', 'users'], {
        query: { 'include[]': 'email', search_term: value.identifier ?? value.familyName },
      }),
    identity: ['identifier'],
  },
};

function rowOf({ action, value, latest }: BatchedRecord<'user'>) {
  const { identifier = '', username = '', givenName, familyName, email = '' } = value;
  const known = latest?.sis_user_id;
  const sisId = typeof known === 'string' && known !== '' ? known : identifier;
  return {
    user_id: sisId,
    login_id: username,
    first_name: givenName,
    last_name: familyName,
    email,
    status: action === 'delete' ? 'deleted' : 'active',
  };
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const Messages = optional(z.array(z.tuple([Text, Text]).rest(z.unknown())));

const Import = z.object({
  id: Id,
  workflow_state: z.string(),
  progress: optional(z.coerce.number()),
  processing_warnings: Messages,
  processing_errors: Messages,
});

const underWay = new Set(['initializing', 'created', 'importing', 'cleanup_batch']);

/** Messages name the file and, in Canvas' words, what is wrong; seldom the row, of which the first has the columns' names. */
function readJob(answer: JsonValue): ReturnType<BatchWrite<'user'>['job']['read']> {
  const { data: job } = Import.safeParse(isJsonObject(answer) ? answer : undefined);
  if (job === undefined) return undefined;
  const { workflow_state: state, progress, processing_errors = [], processing_warnings = [] } = job;
  if (underWay.has(state)) return { state: 'running', ...(progress === undefined ? {} : { progress }) };
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
