import { Failure } from '../../failure/failure.ts';

/** The result codes of https://www.sqlite.org/rescode.html that mean something to callers. */
const busy = 5;
const locked = 6;
const full = 13;
const primaryKeyTaken = 1555;
const uniqueTaken = 2067;
const foreignKeyMissing = 787;
const deletionRestricted = 1811;
const wrongType = 3091;
const nullRefused = 1299;

/** What node:sqlite threw, as a Failure. The first byte of an extended code is the plain one. */
export function sqliteErrorToFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const code = errorCodeOf(thrown);
  const data = { sqliteCode: code };
  switch (code) {
    case primaryKeyTaken:
    case uniqueTaken:
      return new Failure('already_exists', 'A row with this key or unique value exists', {
        data,
        cause: thrown,
      });
    case foreignKeyMissing:
      return new Failure('not_found', 'The parent row does not exist', { data, cause: thrown });
    case deletionRestricted:
      return new Failure('invalid_params', 'Rows that lie inside this one would lose their parent', {
        data,
        cause: thrown,
      });
    case wrongType:
    case nullRefused:
      return new Failure('invalid_params', 'A value does not fit its column', { data, cause: thrown });
  }
  switch (code & 0xff) {
    case busy:
    case locked:
      return new Failure('aborted', 'Another process holds the database', { data, cause: thrown });
    case full:
      return new Failure('unavailable', 'The disk is full', { data, cause: thrown });
    default:
      return new Failure('internal', 'SQLite refused a statement', {
        data: { ...data, reason: reasonOf(thrown) },
        cause: thrown,
      });
  }
}

function errorCodeOf(thrown: unknown): number {
  return thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode
    : 0;
}

/** SQLite's messages name tables and columns, never values. */
function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'unknown';
}
