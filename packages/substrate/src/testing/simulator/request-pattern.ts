import { Failure } from '../../failure/failure.ts';

/** Which requests are meant: `GET /users page=3`. */
export interface RequestPattern {
  /** Upper case, or `*` for any. */
  readonly method: string;
  /** Segments that the request's path must end with; `*` stands for one segment. Undefined: every path. */
  readonly segments: readonly string[] | undefined;
  /** Whether nothing may stand before them. */
  readonly isWhole: boolean;
  readonly page: number | undefined;
  readonly text: string;
}

export interface PatternSubject {
  readonly method: string;
  readonly path: string;
  readonly page: number | undefined;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', '*'];

/**
 * Pure. `METHOD PATH [page=N]`, where the path is the end of the real one (`/users` also means `/ims/oneroster/v1p1/users`), or, after `^`, all
 * of it; `*` is one segment, and the path `*` is any. Throws `invalid_params` with what was found and what is allowed.
 */
export function parseRequestPattern(text: string): RequestPattern {
  const [method = '', path = '', ...conditions] = text.trim().split(/\s+/);
  if (!methods.includes(method)) throw refuse(text, method, `one of ${methods.join(' ')}`);
  if (path !== '*' && !/^\^?\/[^?#]*$/.test(path))
    throw refuse(text, path, 'a path such as /users, ^/v1/users (the whole path), or *');
  let page: number | undefined;
  for (const condition of conditions) {
    const match = /^page=([1-9]\d*)$/.exec(condition);
    if (match === null || page !== undefined) throw refuse(text, condition, 'page=N once, N from 1');
    page = Number(match[1]);
  }
  return {
    method,
    segments: path === '*' ? undefined : segmentsOf(path.replace('^', '')),
    isWhole: path.startsWith('^'),
    page,
    text: text.trim().replace(/\s+/g, ' '),
  };
}

/** Pure. */
export function matchesPattern(pattern: RequestPattern, subject: PatternSubject): boolean {
  if (pattern.method !== '*' && pattern.method !== subject.method) return false;
  if (pattern.page !== undefined && pattern.page !== subject.page) return false;
  const { segments: wantedSegments, isWhole } = pattern;
  if (wantedSegments === undefined) return true;
  const segments = segmentsOf(subject.path);
  const skipped = segments.length - wantedSegments.length;
  return (
    (isWhole ? skipped === 0 : skipped >= 0) &&
    wantedSegments.every((wanted, at) => wanted === '*' || wanted === segments[skipped + at])
  );
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function refuse(text: string, found: string, expected: string): Failure {
  return new Failure('invalid_params', 'Not a request pattern: it reads METHOD PATH [page=N]', {
    data: { pattern: text, found, expected },
  });
}
