import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Json, JsonMembers } from './json-view.ts';

describe('any JSON', () => {
  test.each(['null', '0', '""', '[]', '{"a":{"__proto__":{"b":1}},"constructor":1}'])(
    'passes %s through untouched',
    (text) => {
      expect(JSON.stringify(z.strictObject({ value: Json }).parse({ value: JSON.parse(text) }))).toBe(
        `{"value":${text}}`,
      );
    },
  );

  test('is not absent', () => {
    expect(z.strictObject({ value: Json }).safeParse({}).success).toBe(false);
    expect(z.strictObject({ value: Json.optional() }).safeParse({}).success).toBe(true);
  });
});

describe('an object with members of any name', () => {
  test('keeps a member named __proto__, which z.record would leave out', () => {
    const text = '{"__proto__":{"admin":true},"a":1}';
    expect(JSON.stringify(JsonMembers.parse(JSON.parse(text)))).toBe(text);
  });

  test.each([null, [], 'text', 1, true])('is not %j', (value) => {
    expect(JsonMembers.safeParse(value).error?.issues).toMatchObject([{ message: 'an object' }]);
  });

  test('is told as an object in JSON Schema, also with a description and a further condition', () => {
    const described = JsonMembers.refine(() => true).describe('Anything');
    expect(z.toJSONSchema(z.strictObject({ value: described }), { target: 'draft-7' })).toMatchObject({
      properties: { value: { type: 'object', description: 'Anything' } },
      required: ['value'],
    });
  });
});
