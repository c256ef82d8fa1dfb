import { describe, expect, test } from 'vitest';
import { jsonPointer } from '../../json/canonical-json.ts';
import { anySegment, findPatternFault, parsePattern } from './pointer-pattern.ts';

describe('a pointer pattern', () => {
  // The pointers are those of RFC 6901, section 5.
  test.each<[string, readonly (string | null)[]]>([
    ['', []],
    ['/foo', ['foo']],
    ['/foo/0', ['foo', '0']],
    ['/', ['']],
    ['//', ['', '']],
    ['/a~1b', ['a/b']],
    ['/m~0n', ['m~n']],
    ['/~01', ['~1']],
    ['/ ', [' ']],
    ['/c%d', ['c%d']],
    ['/*', [anySegment]],
    ['/meetings/*/room', ['meetings', anySegment, 'room']],
    ['/**', ['**']],
    ['/a*', ['a*']],
    ['/~2', ['*']],
    ['/~02', ['~2']],
    ['/__proto__/constructor', ['__proto__', 'constructor']],
  ])('%j has the segments %j', (pattern, segments) => {
    expect(parsePattern(pattern)).toEqual(segments);
  });

  test.each([[['a', 'b']], [['']], [['a/b', '~', '~1', '0']], [['__proto__', '**', '~2']]])(
    'that was made of the names %j as a pointer has those names',
    (names) => {
      expect(parsePattern(jsonPointer(names))).toEqual(names);
    },
  );

  test.each([
    ['name', 'a pointer begins with "/": write "/name"'],
    ['a/b', 'a pointer begins with "/": write "/a/b"'],
    ['*', 'a pointer begins with "/": write "/*"'],
    ['/a/b~', '"b~" has a "~" that stands for nothing'],
    ['/~3', '"~3" has a "~" that stands for nothing'],
    // Only a whole name is a star: else one place would have two spellings.
    ['/a~2', '"a~2" has a "~" that stands for nothing'],
  ])('cannot be %j, and the reason says what to write', (pattern, reason) => {
    expect(findPatternFault(pattern)).toContain(reason);
    expect(() => parsePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        data: { pointer: pattern, found: expect.stringContaining(reason) },
      }),
    );
  });

  test.each(['', '/', '/a~0~1b', '/*/~2'])('%j has no fault', (pattern) => {
    expect(findPatternFault(pattern)).toBeUndefined();
  });
});
