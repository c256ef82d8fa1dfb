import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFailure } from '../failure/failure.ts';
import { canonicalJson, jsonPointer } from './canonical-json.ts';

describe('the text of RFC 8785', () => {
  test('the example of section 3.2.2 and 3.2.3 comes out byte for byte', () => {
    const example = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };

    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('names are sorted by UTF-16 code units, as in the example of section 3.2.3', () => {
    const example = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };

    expect(canonicalJson(example)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
        '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  // Appendix B: the bits of a double, and its text.
  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the double %s is written %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  test('numerals sort as texts, not as the engine keeps them', () => {
    expect(canonicalJson({ 9: 'a', 10: 'b', 1: 'c' })).toBe('{"1":"c","10":"b","9":"a"}');
  });

  test('a member named __proto__ is a member like any other', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"b":1}');
  });

  test('an object without a prototype is written like a plain one', () => {
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
  });
});

describe('what JSON cannot say', () => {
  test.each<[string, unknown, string, string]>([
    ['undefined', { a: undefined }, '/a', 'undefined'],
    ['undefined as the whole', undefined, '', 'undefined'],
    ['NaN', { a: [1, Number.NaN] }, '/a/1', 'a number that is not finite'],
    ['an infinity', [Number.NEGATIVE_INFINITY], '/0', 'a number that is not finite'],
    ['a bigint', { a: { b: 1n } }, '/a/b', 'bigint'],
    ['a function', { a: () => 1 }, '/a', 'function'],
    ['a symbol', [Symbol('x')], '/0', 'symbol'],
    ['a hole in an array', { list: [1, , 3] }, '/list/1', 'undefined'],
    ['a lone high surrogate', { a: 'x\ud800y' }, '/a', 'a lone surrogate'],
    ['a lone low surrogate', ['\udc00'], '/0', 'a lone surrogate'],
    ['a lone surrogate in a name', { 'a/b': { '~\ud83d': 1 } }, '/a~1b/~0\ud83d', 'a lone surrogate'],
    ['a Date', { when: new Date(0) }, '/when', 'an object that is not plain'],
    ['a Map', new Map([['a', 1]]), '', 'an object that is not plain'],
    ['a boxed text', { a: new String('x') }, '/a', 'an object that is not plain'],
  ])('%s is refused with its place', (_name, value, pointer, found) => {
    expect(failureOf(() => canonicalJson(value))).toEqual({
      code: 'invalid_params',
      data: { pointer, found },
    });
  });

  test('nesting is refused beyond 200 levels, where 200 pass', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);

    expect(canonicalJson(nest(200))).toHaveLength(401);
    expect(failureOf(() => canonicalJson(nest(201)))?.data.found).toBe('nesting deeper than 200');
  });

  test('a circle ends as too deep instead of never', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;

    expect(failureOf(() => canonicalJson(circle))?.data.found).toBe('nesting deeper than 200');
  });

  test('the place is right after siblings that were written', () => {
    const value = { a: [{ x: 1 }, { y: { z: [] } }], b: { c: [0, 0, { 'd~e': undefined }] } };

    expect(failureOf(() => canonicalJson(value))?.data.pointer).toBe('/b/c/2/d~0e');
  });
});

describe('laws', () => {
  // Every JSON value, with strings that may hold any well-formed text.
  const { value: jsonValues } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.array(tie('value')),
      fc.dictionary(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        tie('value'),
      ),
    ),
  }));

  test('reading the text gives the value back', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('two values have the same text exactly when they are JSON-equal', () => {
    fc.assert(
      fc.property(jsonValues, jsonValues, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(isJsonEqual(a, b));
      }),
    );
  });

  test('the order in which members were set does not matter', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        expect(canonicalJson(reverseMembers(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('writing what was read changes nothing', () => {
    fc.assert(
      fc.property(jsonValues, (value) => {
        const text = canonicalJson(value);

        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('a text is escaped exactly as JSON.stringify does it, or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
        const written = text.isWellFormed() ? JSON.stringify(text) : undefined;

        expect(writtenOrUndefined(text)).toBe(written);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every single UTF-16 unit is escaped as JSON.stringify does it, or refused', () => {
    const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
    const expected = (text: string) => (text.isWellFormed() ? JSON.stringify(text) : undefined);

    expect(units.filter((text) => writtenOrUndefined(text) !== expected(text))).toEqual([]);
  });
});

describe('a JSON Pointer', () => {
  // RFC 6901, section 5.
  test.each<[readonly PropertyKey[], string]>([
    [[], ''],
    [['foo'], '/foo'],
    [['foo', 0], '/foo/0'],
    [[''], '/'],
    [['a/b'], '/a~1b'],
    [['m~n'], '/m~0n'],
    [['~1'], '/~01'],
  ])('of %j is %j', (path, pointer) => {
    expect(jsonPointer(path)).toBe(pointer);
  });
});

function failureOf(
  act: () => unknown,
): { code: string; data: Readonly<Record<string, unknown>> } | undefined {
  try {
    act();
  } catch (thrown) {
    if (isFailure(thrown)) return { code: thrown.code, data: thrown.data };
    throw thrown;
  }
  return undefined;
}

function writtenOrUndefined(text: string): string | undefined {
  let written: string | undefined;
  const failure = failureOf(() => {
    written = canonicalJson(text);
  });
  return failure === undefined ? written : undefined;
}

/** Equality as JSON has it, said without the code under test: 0 and -0 are one number, members have no order. */
function isJsonEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return (
    left.size === right.size &&
    [...left].every(([name, value]) => right.has(name) && isJsonEqual(value, right.get(name)))
  );
}

function reverseMembers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reverseMembers);
  const reversed = Object.create(null);
  for (const [name, member] of Object.entries(value).reverse()) reversed[name] = reverseMembers(member);
  return reversed;
}
