import { describe, expect, test } from 'vitest';
import { parseJsonObject, readTextFile } from './read-json-input.ts';

describe('JSON that a person gives', () => {
  test('is read', () => {
    expect(parseJsonObject('{"a": [1]}', 'the credential', 'standard input')).toEqual({ a: [1] });
  });

  test.each([
    ['hunter2-the-secret', 'it is no JSON'],
    ['{"secret": hunter2}', 'it is no JSON'],
    ['{"secret": "hunter2" x', 'it is no JSON, from position 21'],
    ['{"secret": "hunter2"', 'it is no JSON'],
    ['["hunter2"]', 'it is JSON, but no object'],
    ['null', 'it is JSON, but no object'],
    ['', 'it is no JSON'],
  ])('%j is refused without being repeated, for it may be a secret', (text, reason) => {
    const refusal = refusalOf(() => parseJsonObject(text, 'the credential', 'key.json'));

    expect(refusal).toMatchObject({
      code: 'invalid_params',
      data: { what: 'the credential', where: 'key.json', reason: expect.stringContaining(reason) },
    });
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
  });

  test('is missed where there is no file', () => {
    expect(refusalOf(() => readTextFile('/nowhere/key.json', 'the credential'))).toMatchObject({
      data: { where: '/nowhere/key.json', reason: 'there is no such file' },
    });
  });

  test.each([
    ['missing', () => readTextFile('/nowhere/key.json', 'the credential')],
    ['no JSON', () => parseJsonObject('hunter2', 'the credential', '/nowhere/key.json')],
  ])('is shown by the example of a credential, for its file, where a credential is %s', (_, read) => {
    const credential = '{"type":"oauth2","clientId":"…","clientSecret":"…"}';

    expect(refusalOf(read)).toMatchObject({
      data: {
        advice: `Give the credential as a JSON object in /nowhere/key.json, such as ${credential}`,
      },
    });
  });

  test('is shown by the example of parameters where those are no JSON', () => {
    const read = () => parseJsonObject('x', 'parameters of runs.list.v1', 'the third argument');

    expect(refusalOf(read)).toMatchObject({
      data: { advice: expect.stringContaining('in the third argument, such as {"customerId":') },
    });
  });
});

function refusalOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (thrown) {
    return thrown;
  }
}
