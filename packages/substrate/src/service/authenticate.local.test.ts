import { describe, expect, test } from 'vitest';
import { createLocalAuthenticator, deriveToken } from './authenticate.local.ts';

const token = 'fleet-token-0123456789';
const viewer = { token: 'viewer-token-0123456789', role: 'viewer', name: 'reports' } as const;
const authenticator = createLocalAuthenticator({ token, tokens: [viewer] });

describe('a local token', () => {
  test.each([
    ['the fleet itself', token, { role: 'admin', name: 'local admin' }],
    ['the task queue', deriveToken(token, 'tasks'), { role: 'tasks', name: 'local task queue' }],
    ['the bus', deriveToken(token, 'push'), { role: 'push', name: 'local bus' }],
    ['another caller', viewer.token, { role: 'viewer', name: 'reports' }],
  ])('of %s tells who calls', async (_name, sent, caller) => {
    expect(await authenticator.verify({ authorization: `Bearer ${sent}` })).toEqual(caller);
    expect(await authenticator.verify({ authorization: `bearer  ${sent} ` })).toEqual(caller);
  });

  test.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['no token', 'Bearer '],
    ['another scheme', `Basic ${token}`],
    ['no scheme', token],
    ['a token that is cut', `Bearer ${token.slice(0, -1)}`],
    ['a token that goes on', `Bearer ${token}x`],
    ['two tokens', `Bearer ${token} ${token}`],
    ['two tokens in one header', `Bearer ${token}, Bearer ${token}`],
    ['the token in capitals', `Bearer ${token.toUpperCase()}`],
    ['a token of another fleet', `Bearer ${deriveToken('another-fleet-token', 'tasks')}`],
  ])('is not found in %s', async (_name, authorization) => {
    await expect(authenticator.verify({ authorization })).rejects.toMatchObject({
      code: 'unauthenticated',
      data: {},
    });
  });

  test("of a machine does not give the fleet's away and differs by purpose", () => {
    expect(deriveToken(token, 'tasks')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(deriveToken(token, 'tasks')).not.toBe(deriveToken(token, 'push'));
    expect(deriveToken(token, 'tasks')).toBe(deriveToken(token, 'tasks'));
  });

  test.each(['', 'short', 'has a space in it, and more', 'line\nfeed-0123456789'])(
    'like %j is refused at the start',
    (weak) => {
      expect(() => createLocalAuthenticator({ token: weak })).toThrow('too short or has characters');
      expect(() => createLocalAuthenticator({ token, tokens: [{ ...viewer, token: weak }] })).toThrow(
        'too short or has characters',
      );
    },
  );

  test("given to two callers is refused at the start, because one would have the other's role", () => {
    expect(() => createLocalAuthenticator({ token, tokens: [{ ...viewer, token }] })).toThrow(
      'Two callers have the same token',
    );
  });
});
