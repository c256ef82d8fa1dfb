import { describe, expect, test } from 'vitest';
import { checkForm } from './check-form.ts';

const credential = {
  oneOf: [
    {
      type: 'object',
      properties: {
        type: { type: 'string', const: 'oauth2' },
        clientSecret: { type: 'string', minLength: 1 },
      },
      required: ['type', 'clientSecret'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { type: { type: 'string', const: 'oauth1' }, consumerSecret: { type: 'string' } },
      required: ['type', 'consumerSecret'],
      additionalProperties: false,
    },
  ],
};

describe('what is entered to connect a vendor', () => {
  test('passes where it fits one of the forms', () => {
    expect(() => checkForm('credential', credential, { type: 'oauth1', consumerSecret: 's' })).not.toThrow();
  });

  test.each([
    ['a member that is missing in the form whose type was entered', { type: 'oauth2' }, ['/clientSecret: ']],
    ['a type that no form has', { type: 'basic' }, ['/type: ', '/type: ']],
  ])('is refused with %s', (_name, entered, places) => {
    try {
      checkForm('credential', credential, entered);
      expect.unreachable();
    } catch (error) {
      const { code, data } = error as { code: string; data: { problems: readonly string[] } };
      expect(code).toBe('invalid_params');
      expect(data.problems).toEqual(places.map((place) => expect.stringContaining(place) as string));
    }
  });

  test('is never repeated in the refusal', () => {
    try {
      checkForm('credential', credential, { type: 'oauth2', clientSecret: ['canary'] });
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain('canary');
    }
  });
});
