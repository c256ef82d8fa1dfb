import { describe, expect, test } from 'vitest';
import { api } from './api.ts';
import { Connection } from './paths.ts';

const answer = { purpose: 'list', status: 403, headers: {}, json: undefined, text: '' } as const;
const unauthorized = {
  status: 'unauthorized',
  errors: [{ message: 'user not authorized to perform that action' }],
};

describe('what an answer of Canvas means', () => {
  const { failures } = api;
  if (typeof failures !== 'function') throw new TypeError('Canvas says it in words');

  test.each([
    [
      'a 403 that speaks of the rate limit',
      { text: '403 Forbidden (Rate Limit Exceeded)\n' },
      'rate_limited',
    ],
    ['any other 403', { text: '{"errors":[{"message":"no"}]}' }, undefined],
    ['a bad token', { status: 401, json: { errors: [{ message: 'Invalid access token.' }] } }, undefined],
    ['a list that the token may not read', { status: 401, json: unauthorized }, 'vendor_answer_invalid'],
    [
      'a write that the token may not do',
      { status: 401, json: unauthorized, purpose: 'write' },
      'push_rejected',
    ],
    ['a token endpoint that says so', { status: 401, json: unauthorized, purpose: 'token' }, undefined],
  ] as const)('%s', (_, differing, code) => {
    expect(failures({ ...answer, ...differing })).toBe(code);
  });
});

describe('the account that is asked what there is', () => {
  const connection = Connection.parse({ baseUrl: 'https://school.instructure.com' });

  test.each([
    ['tells the zone of its days', { default_time_zone: 'America/Denver' }, 'America/Denver'],
    [
      'may tell it by a name of Rails, which nobody else knows',
      { default_time_zone: 'Mountain Time (US & Canada)' },
      undefined,
    ],
    ['may tell none', {}, undefined],
  ])('%s', (_, account, timeZone) => {
    expect(api.discover?.read(account, connection)).toEqual({ ...connection, timeZone });
  });

  test('does not overrule a zone that was entered', () => {
    const entered = { ...connection, timeZone: 'Europe/Paris' };
    expect(api.discover?.read({ default_time_zone: 'America/Denver' }, entered)).toEqual(entered);
  });

  test.each([
    'https://school.instructure.com/',
    'https://school.instructure.com/api',
    'https://school.instructure.com/api/v1/',
  ])('is at %s too', (baseUrl) => {
    expect(Connection.parse({ baseUrl })).toEqual(connection);
  });
});
