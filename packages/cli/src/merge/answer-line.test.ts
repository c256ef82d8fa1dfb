import { describe, expect, test } from 'vitest';
import { createLineAnswerer } from './answer-line.ts';

describe('a line of one record', () => {
  test('is answered with the result, and with what is written on either side', () => {
    expect(
      answer({
        name: 'r1',
        base: { room: 1, floor: 1 },
        ours: { room: 2, floor: 1 },
        theirs: { room: 1, floor: 3 },
      }),
    ).toEqual({
      name: 'r1',
      held: false,
      result: { room: 2, floor: 3 },
      conflicts: [],
      toOurs: [{ action: 'update', pointer: '/floor', before: 1, after: 3, rule: 'theirs changed' }],
      toTheirs: [{ action: 'update', pointer: '/room', before: 1, after: 2, rule: 'ours changed' }],
    });
  });

  test('has no result where it is held, and names what each side has', () => {
    expect(answer({ name: 'r1', base: { room: 1 }, ours: {}, theirs: { room: 3 } })).toEqual({
      name: 'r1',
      held: true,
      conflicts: [{ pointer: '/room', kind: 'delete/modify', base: 1, theirs: 3, rule: 'manual (default)' }],
      toOurs: [],
      toTheirs: [],
    });
  });

  test('has no result where the record is deleted', () => {
    expect(answer({ name: 'r1', base: { a: 1 }, ours: { a: 1 } })).toEqual({
      name: 'r1',
      held: false,
      conflicts: [],
      toOurs: [{ action: 'delete', pointer: '', before: { a: 1 }, rule: 'theirs changed' }],
      toTheirs: [],
    });
  });

  test('may be about nothing at all', () => {
    expect(answer({ name: 'r1' })).toEqual({
      name: 'r1',
      held: false,
      conflicts: [],
      toOurs: [],
      toTheirs: [],
    });
  });

  test('says why a declared list was merged as one field', () => {
    const settings = { lists: { '/list': { key: ['id'] } } };
    const list = [{ id: 1 }, { id: 1 }];

    expect(
      answer({ name: 'r1', settings, base: { list: [] }, ours: { list }, theirs: { list: [] } }),
    ).toMatchObject({
      result: { list },
      remarks: [{ pointer: '/list', reason: 'duplicate key', side: 'ours' }],
    });
  });

  test('goes by the record override of its id, else of its name', () => {
    const settings = { records: { r1: 'resolveOurs', 'user-9': 'resolveTheirs' } } as const;
    const sides = { base: { a: 1 }, ours: { a: 2 }, theirs: { a: 3 } };

    expect(answer({ name: 'r1', ...sides }, { settings })).toMatchObject({ result: { a: 2 } });
    expect(answer({ name: 'r1', id: 'user-9', ...sides }, { settings })).toMatchObject({ result: { a: 3 } });
    expect(answer({ name: 'r2', ...sides }, { settings })).toMatchObject({ held: true });
  });

  test('has settings of its own, which override those of the file name by name, for this line only', () => {
    const settings = {
      default: 'resolveOurs',
      fields: { '/a': 'resolveTheirs', '/b': 'resolveTheirs' },
    } as const;
    const sides = { base: { a: 1, b: 1, c: 1 }, ours: { a: 2, b: 2, c: 2 }, theirs: { a: 3, b: 3, c: 3 } };
    const own = { fields: { '/b': 'resolveOurs' } };
    const [first, second] = answers(
      [
        { name: '1', ...sides, settings: own },
        { name: '2', ...sides },
      ],
      { settings },
    );

    expect(first).toMatchObject({ result: { a: 3, b: 2, c: 2 } });
    expect(second).toMatchObject({ result: { a: 3, b: 3, c: 2 } });
  });

  test('may have volatile fields of its own, which stand in the place of those of the file', () => {
    const settings = { volatile: ['/seen', '/visits'] };
    const line = { name: 'r', base: { seen: 1 }, ours: { seen: 1 }, theirs: { seen: 2 } };
    const rest = { settings: { volatile: ['/visits'] } };

    expect(answer(line, { settings })).toMatchObject({ toOurs: [] });
    expect(answer({ ...line, ...rest }, { settings })).toMatchObject({ toOurs: [{ pointer: '/seen' }] });
    expect(answer({ ...line, settings: { default: 'manual' } }, { settings })).toMatchObject({ toOurs: [] });
  });

  test.each(['__proto__', 'constructor', 'toString', ''])(
    'takes %j for the name of a field like any other',
    (name) => {
      const own = (value: number) => Object.fromEntries([[name, value]]);
      const text = JSON.stringify({ name: 'r', base: own(1), ours: own(1), theirs: own(2) });

      expect(answerText(text)).toContain(`"result":${JSON.stringify(own(2))}`);
    },
  );
});

describe('a line of three sets', () => {
  test('is answered with what stands, what is held, and an id on every conflict and write', () => {
    const line = {
      name: 'rooms',
      base: { a: { n: 1 }, b: { n: 1 }, c: { n: 1 }, d: { n: 1 } },
      ours: { a: { n: 1 }, b: { n: 2 }, c: { n: 2 }, d: { n: 1 } },
      theirs: { a: { n: 1 }, b: { n: 1 }, c: { n: 3 }, e: { n: 5 } },
    };

    expect(answer(line, { isSet: true })).toEqual({
      name: 'rooms',
      held: true,
      heldRecords: ['c'],
      result: { a: { n: 1 }, b: { n: 2 }, e: { n: 5 } },
      conflicts: [
        {
          id: 'c',
          pointer: '/n',
          kind: 'modify/modify',
          base: 1,
          ours: 2,
          theirs: 3,
          rule: 'manual (default)',
        },
      ],
      toOurs: [
        { id: 'd', action: 'delete', pointer: '', before: { n: 1 }, rule: 'theirs changed' },
        { id: 'e', action: 'create', pointer: '', after: { n: 5 }, rule: 'theirs changed' },
      ],
      toTheirs: [{ id: 'b', action: 'update', pointer: '/n', before: 1, after: 2, rule: 'ours changed' }],
    });
  });

  test('takes a side that is left out for an empty set', () => {
    expect(answer({ name: 's', theirs: { a: { n: 1 } } }, { isSet: true })).toMatchObject({
      held: false,
      result: { a: { n: 1 } },
    });
  });

  test('shows of an unchanged record what a run would have: the volatile fields of theirs', () => {
    const line = {
      name: 's',
      base: { a: { n: 1, seen: 1 } },
      ours: { a: { n: 1, seen: 1 } },
      theirs: { a: { n: 1, seen: 2 } },
    };

    expect(answer(line, { isSet: true, settings: { volatile: ['/seen'] } })).toEqual({
      name: 's',
      held: false,
      heldRecords: [],
      result: { a: { n: 1, seen: 2 } },
      conflicts: [],
      toOurs: [],
      toTheirs: [],
    });
  });

  test('goes by the overrides of the ids', () => {
    const line = { name: 's', base: {}, ours: { a: { n: 1 } }, theirs: { a: { n: 2 } } };

    expect(answer(line, { isSet: true, settings: { records: { a: 'resolveTheirs' } } })).toMatchObject({
      result: { a: { n: 2 } },
    });
  });

  test.each(['__proto__', 'constructor', '10'])('takes %j for an id like any other', (id) => {
    const set = (n: number) => Object.fromEntries([[id, { n }]]);
    const text = JSON.stringify({ name: 's', ours: set(1), theirs: set(1), base: set(0) });

    expect(answerText(text, { isSet: true })).toContain(`"result":${JSON.stringify(set(1))}`);
    expect(answerText(JSON.stringify({ name: 's', theirs: { x: { n: 1 } } }), { isSet: true })).toContain(
      '"result":{"x":{"n":1}}',
    );
  });
});

describe('a line that cannot be merged', () => {
  test.each([
    ['x', 'This line is no JSON', {}],
    ['{"name": "r1", "base": {"a" 1}}', 'This line is no JSON', { column: 29 }],
    ['["r1"]', 'This line is no JSON object', { found: 'a list' }],
    ['null', 'This line is no JSON object', { found: 'null' }],
    ['{}', 'This line has no name', { member: 'name' }],
    ['{"name": 7}', 'A member of this line must be a text', { member: 'name', found: 'a number' }],
    ['{"name": "r1", "teirs": {}}', 'This line has a member that no line has', { member: 'teirs' }],
    ['{"name": "r1", "__proto__": {}}', 'This line has a member that no line has', { member: '__proto__' }],
    [
      '{"name": "r1", "base": null}',
      'A member of this line must be a JSON object',
      { member: 'base', found: 'null' },
    ],
    [
      '{"name": "r1", "ours": []}',
      'A member of this line must be a JSON object',
      { member: 'ours', found: 'a list' },
    ],
    [
      '{"name": "r1", "settings": "x"}',
      'A member of this line must be a JSON object',
      { member: 'settings' },
    ],
    [
      '{"name": "r1", "settings": {"default": "manuel"}}',
      'These are no settings of a merge',
      { where: 'the settings of this line' },
    ],
  ])('%s: %s', (text, message, data) => {
    const told = JSON.parse(answerText(text, {}, true));

    expect(told).toMatchObject({ line: 3, error: { code: 'invalid_params', message, data } });
    expect(told.error.advice).toMatch(/.{10,}/);
  });

  test('keeps its name where it has one', () => {
    expect(JSON.parse(answerText('{"name": "r1", "base": 1}', {}, true))).toMatchObject({
      name: 'r1',
      line: 3,
    });
    expect(JSON.parse(answerText('{"name": 1}', {}, true))).not.toHaveProperty('name');
  });

  test('is not merged by halves where it is no UTF-8', () => {
    const bytes = Buffer.from('{"name": "M\u00fcller"}', 'latin1');

    expect(answerBytes(bytes)).toMatchObject({
      isError: true,
      text: expect.stringContaining('not in UTF-8'),
    });
  });

  test('does not repeat what stood in it: it may be a pupil', () => {
    expect(answerText('{"name": "r1", "ours": {"familyName": Lovelace}}', {}, true)).not.toContain(
      'Lovelace',
    );
  });

  test.each([
    ['null', 'null'],
    ['"a text"', 'a string'],
    ['[]', 'a list'],
  ])('names the record of a set that is %s', (json, found) => {
    const text = `{"name": "s", "theirs": {"a": {}, "b": ${json}}}`;

    expect(JSON.parse(answerText(text, { isSet: true }, true))).toMatchObject({
      error: {
        message: 'A record of a set must be a JSON object',
        data: { member: 'theirs', id: 'b', found },
      },
    });
  });

  test('has no id where it is about a set, which has one for each record', () => {
    expect(JSON.parse(answerText('{"name": "s", "id": "x"}', { isSet: true }, true))).toMatchObject({
      error: { data: { member: 'id' } },
    });
  });

  test.each([
    ['{"name": "r", "ours": {"n": 1e999}}', '/ours/n', 'too large'],
    ['{"name": "r", "theirs": {"a": [0, -1e999]}}', '/theirs/a/1', 'too large'],
    ['{"name": "r", "base": {"t": "\\ud83d"}}', '/base/t', 'half a character'],
    ['{"name": "r", "base": {"\\ude00": 1}}', '/base/\ufffd', 'half a character'],
    ['{"name": "\\ud83d"}', '/name', 'half a character'],
  ])('is refused for what JSON cannot say: %s', (text, pointer, found) => {
    expect(JSON.parse(answerText(text, {}, true))).toMatchObject({
      error: { code: 'invalid_params', data: { pointer, found: expect.stringContaining(found) } },
    });
  });

  test.each([
    [200, false, false],
    [201, false, true],
    [200, true, false],
    [201, true, true],
    [100_000, false, true],
  ])('has records of up to 200 levels: %i, set: %s, refused: %s', (levels, isSet, isRefused) => {
    const record = `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const text = `{"name": "r1", "theirs": ${isSet ? `{"id": ${record}}` : record}}`;
    const told = JSON.parse(answerText(text, { isSet }, isRefused));

    expect(told.name).toBe('r1');
    if (isRefused) expect(told.error.data.found).toContain('200 is the limit');
  });
});

test('a byte order mark at the beginning is no part of the line', () => {
  expect(JSON.parse(answerText('\ufeff{"name": "r1"}'))).toMatchObject({ name: 'r1', held: false });
});

type Options = Partial<Parameters<typeof createLineAnswerer>[0]>;

function answerer({ settings = {}, isSet = false }: Options = {}) {
  return createLineAnswerer({ settings, isSet, help: 'flotilla merge --help' });
}

function answers(lines: readonly object[], options?: Options): unknown[] {
  const answerEach = answerer(options);
  return lines.map((line, index) =>
    JSON.parse(answerEach(Buffer.from(JSON.stringify(line)), index + 1).text),
  );
}

function answer(line: object, options?: Options): unknown {
  return answers([line], options)[0];
}

function answerBytes(bytes: Uint8Array) {
  return answerer()(bytes, 3);
}

function answerText(text: string, options?: Options, isExpectedToFail = false): string {
  const { text: answered, isError } = answerer(options)(Buffer.from(text), 3);
  expect(isError, answered).toBe(isExpectedToFail);
  return answered;
}
