import { describe, expect, test } from 'vitest';
import { isFailure } from '../../failure/failure.ts';
import { parseFault } from './fault.ts';
import { createFaultSet } from './fault-set.ts';

describe('a line of the fault language', () => {
  const understood: readonly [string, unknown, number][] = [
    ['GET /users page=3: 429 retry-after=2', { kind: 'status', status: 429, retryAfter: 2 }, 1],
    ['GET /users: 500 times=2', { kind: 'status', status: 500 }, 2],
    [
      'GET /users: 503 retry-after-date=3 rate-limit-reset=4',
      { kind: 'status', status: 503, retryAfterDate: 3, rateLimitReset: 4 },
      1,
    ],
    ['GET /enrollments page=2: truncate', { kind: 'truncate' }, 1],
    ['* *: hang', { kind: 'hang' }, 1],
    ['PUT /results/*: reset times=always', { kind: 'reset' }, Number.POSITIVE_INFINITY],
    ['GET /users: html 502', { kind: 'html', status: 502 }, 1],
    ['GET /users: html', { kind: 'html', status: 200 }, 1],
    ['GET /users: delay=500ms', { kind: 'delay', milliseconds: 500 }, 1],
    ['GET /users: times=3 delay=2s', { kind: 'delay', milliseconds: 2000 }, 3],
    ['GET /users: duplicate-page', { kind: 'duplicate-page' }, 1],
    ['GET /users: drop-records=5', { kind: 'drop-records', count: 5 }, 1],
    ['  GET   /users  page=1:  wrong-content-type ', { kind: 'wrong-content-type' }, 1],
    ['GET /users: expire-token', { kind: 'expire-token' }, 1],
    ['GET /users: cut', { kind: 'cut' }, 1],
  ];

  test.each(understood)('%s is understood', (line, action, times) => {
    const fault = parseFault(line);

    expect(fault.action).toEqual(action);
    expect(fault.times).toBe(times);
  });

  const refused: readonly [string, string][] = [
    ['', ''],
    ['GET /users 500', 'GET /users 500'],
    ['GET /users:500', 'GET /users:500'],
    [': hang', ''],
    ['FETCH /users: 500', 'FETCH'],
    ['GET users: 500', 'users'],
    ['GET /users?limit=1: 500', '/users?limit=1'],
    ['GET /users page=0: 500', 'page=0'],
    ['GET /users page=1 page=2: 500', 'page=2'],
    ['GET /users: ', ''],
    ['GET /users: 200', '200'],
    ['GET /users: 429 retry-after=soon', 'retry-after=soon'],
    ['GET /users: 500 times=0', 'times=0'],
    ['GET /users: 500 times=2 times=3', 'times=2 times=3'],
    ['GET /users: delay=500', 'delay=500'],
    ['GET /users: drop-records=0', 'drop-records=0'],
    ['GET /users: hang now', 'now'],
    ['GET /users: html 99', '99'],
    ['GET /users: explode', 'explode'],
  ];

  test.each(refused)('%j is refused, naming %j', (line, found) => {
    let thrown: unknown;
    try {
      parseFault(line);
    } catch (error) {
      thrown = error;
    }

    expect(isFailure(thrown, 'invalid_params') && thrown.data.found).toBe(found);
  });
});

describe('a set of faults', () => {
  const first = { method: 'GET', path: '/ims/oneroster/v1p1/users', page: 1 };

  test('a fault strikes once by default, and not other methods, pages or longer paths', () => {
    const faults = createFaultSet(['GET /users page=2: 500']);

    expect(faults.strike(first)).toEqual([]);
    expect(faults.strike({ ...first, method: 'PUT', page: 2 })).toEqual([]);
    expect(faults.strike({ ...first, path: '/users/7', page: 2 })).toEqual([]);
    expect(faults.strike({ ...first, path: '/superusers', page: 2 })).toEqual([]);
    expect(faults.strike({ ...first, page: 2 })).toHaveLength(1);
    expect(faults.strike({ ...first, page: 2 })).toEqual([]);
  });

  test('delays add to the first other fault that matches, and the next one waits for the next request', () => {
    const faults = createFaultSet([
      '* *: delay=1ms times=always',
      'GET /users: 500',
      'GET /users: 503',
      '* *: delay=2ms',
    ]);

    const kinds = [1, 2, 3].map(() => faults.strike(first).map((fault) => fault.line));

    expect(kinds).toEqual([
      ['* *: delay=1ms times=always', 'GET /users: 500'],
      ['* *: delay=1ms times=always', 'GET /users: 503'],
      ['* *: delay=1ms times=always', '* *: delay=2ms'],
    ]);
  });

  test('a star is one segment, and a duplicated page waits for a page that has one before it', () => {
    const faults = createFaultSet(['GET /classes/*/students: 404', 'GET /users: duplicate-page']);

    expect(faults.strike({ ...first, path: '/v1p1/classes/c1/students' })).toHaveLength(1);
    expect(faults.strike(first)).toEqual([]);
    expect(faults.strike({ ...first, page: 2 })).toHaveLength(1);
  });

  test('after ^ a path is the whole one, so that a list is told from one below something whose path ends like its own', () => {
    const faults = createFaultSet(['GET ^/v1/users: 500', 'GET ^/*/orgs page=1: 500']);

    expect(faults.strike({ ...first, path: '/v1/groups/7/v1/users' })).toEqual([]);
    expect(faults.strike(first)).toEqual([]);
    expect(faults.strike({ ...first, path: '/v1/users' })).toHaveLength(1);
    expect(faults.strike({ ...first, path: '/v1/orgs' })).toHaveLength(1);
  });

  test('the list says how often each struck and how often it still may', () => {
    const faults = createFaultSet(['GET /users: 500 times=3', 'GET /orgs: 500 times=always']);
    faults.strike(first);

    expect(faults.list()).toEqual([
      { line: 'GET /users: 500 times=3', struck: 1, left: 2 },
      { line: 'GET /orgs: 500 times=always', struck: 0, left: 'always' },
    ]);
  });
});
