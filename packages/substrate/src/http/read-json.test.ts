import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
import { isJsonAnswer, readJson } from './read-json.ts';

function answer(body: string | Uint8Array, contentType = 'application/json') {
  return {
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

describe('readJson', () => {
  test.each([
    ['an object', answer('{"a":"]}\\"{"}'), { a: ']}"{' }],
    ['an array with white space around', answer(' \n[1] '), [1]],
    ['a scalar that says it is JSON', answer('true'), true],
    ['a byte order mark', answer('\ufeff{"a":1}'), { a: 1 }],
    ['JSON sold as HTML', answer('{"a":1}', 'text/html'), { a: 1 }],
    ['JSON without a content type', { headers: {}, body: Buffer.from('[]') }, []],
    ['a +json type', answer('1', 'application/problem+json; charset=utf-8'), 1],
    [
      'Latin-1 that says so',
      answer(Buffer.from('{"a":"é"}', 'latin1'), 'application/json; charset=ISO-8859-1'),
      { a: 'é' },
    ],
  ])('reads %s', (_, received, expected) => {
    expect(readJson(received)).toEqual(expected);
  });

  test.each([
    ['nothing', answer(''), 'vendor_unavailable', 'empty_body'],
    ['JSON cut in a string', answer('{"users":[{"givenName":"Canary'), 'vendor_unavailable', 'json_cut_off'],
    [
      'JSON cut between records',
      answer('{"users":[{"givenName":"Canary"},'),
      'vendor_unavailable',
      'json_cut_off',
    ],
    ['malformed JSON', answer('{"givenName":Canary}'), 'vendor_answer_invalid', 'malformed_json'],
    ['JSON with a tail', answer('{"givenName":"Canary"}x'), 'vendor_answer_invalid', 'malformed_json'],
    [
      'a web page',
      answer('<!doctype html><p>Canary', 'text/html'),
      'vendor_answer_invalid',
      'html_instead_of_json',
    ],
    ['a web page sold as JSON', answer('<html>Canary'), 'vendor_answer_invalid', 'html_instead_of_json'],
    ['CSV', answer('givenName\nCanary', 'text/csv'), 'vendor_answer_invalid', 'not_json'],
    [
      'text that is not in its charset',
      answer(Buffer.from('{"a":"é Canary"}', 'latin1')),
      'vendor_answer_invalid',
      'charset',
    ],
    [
      'an unknown charset',
      answer('{"a":"Canary"}', 'application/json; charset=klingon'),
      'vendor_answer_invalid',
      'charset',
    ],
    [
      'too deep nesting',
      answer('['.repeat(101) + ']'.repeat(101)),
      'vendor_answer_invalid',
      'nested_too_deep',
    ],
    ['a bomb of brackets', answer('['.repeat(5_000_000)), 'vendor_answer_invalid', 'nested_too_deep'],
  ])('refuses %s, without a word of it in the failure', (_, received, code, problem) => {
    const failure = failureOf(() => readJson(received));
    expect(failure).toMatchObject({ code, data: { problem, bytes: received.body.byteLength } });
    expect(`${failure.stack} ${String(failure.cause)} ${JSON.stringify(failure)}`).not.toContain('Canary');
  });
});

test.each([
  [answer('{"a":1}', 'text/html'), true],
  [answer('<html>', 'application/json'), false],
  [answer('', 'application/json'), true],
  [answer('', 'text/html'), false],
])('isJsonAnswer tells by the look, and by the type of an empty body (%#)', (received, expected) => {
  expect(isJsonAnswer(received)).toBe(expected);
});

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('It passed');
}
