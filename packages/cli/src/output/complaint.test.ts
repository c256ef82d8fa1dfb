import { Failure } from '@flotilla/substrate/failure';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { renderComplaint, toComplaint } from './complaint.ts';

const plain = pc.createColors(false);

function render(thrown: unknown): string {
  return renderComplaint(toComplaint(thrown, 'flotilla --help'), plain);
}

describe('a complaint', () => {
  test('says what, where, and what to do', () => {
    const failure = new Failure('not_found', 'No such run', {
      data: { runId: 'r1', advice: 'Look at the runs' },
    });

    expect(render(failure)).toBe(['Error: No such run', '  runId: r1', '  → Look at the runs'].join('\n'));
  });

  test('without advice of its own gives that of its code', () => {
    expect(render(new Failure('unauthenticated', 'No valid token'))).toContain(
      '→ Sign in again, or send a valid token in the Authorization header.',
    );
  });

  test('shows issues and logs one a line, and no control characters', () => {
    const failure = new Failure('invalid_params', 'Wrong', {
      data: {
        issues: [{ pointer: '/a', message: 'must be text' }],
        log: 'one\n\u001b[31mtwo',
        list: ['x', 'y'],
        advice: 'Mend it',
      },
    });

    expect(render(failure)).toBe(
      [
        'Error: Wrong',
        '  issues:',
        '    /a must be text',
        '  log:',
        '    one',
        '    �[31mtwo',
        '  list: x, y',
        '  → Mend it',
      ].join('\n'),
    );
  });

  test('about a bug of ours keeps its stack', () => {
    const complaint = toComplaint(new TypeError('x is undefined'), 'flotilla --help');

    expect(complaint).toMatchObject({ code: 'internal', message: 'An unexpected error' });
    expect(complaint.data.reason).toContain('complaint.test.ts');
  });

  test('does not repeat what programs alone need', () => {
    const failure = new Failure('unavailable', 'Away', {
      data: { code: 'unavailable', retry: 'backoff', service: 'a' },
    });

    expect(toComplaint(failure, 'flotilla --help').data).toEqual({ service: 'a' });
  });
});
