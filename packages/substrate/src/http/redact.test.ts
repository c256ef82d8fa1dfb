import { expect, test } from 'vitest';
import { createRedactor } from './redact.ts';

const secret = 'p"w&é/+canary';

test.each([
  ['as it is', secret],
  ['URL-encoded', encodeURIComponent(secret)],
  ['in JSON', JSON.stringify({ password: secret })],
  ['in Base64', Buffer.from(secret).toString('base64')],
])('takes a known secret out %s', (_, echoed) => {
  const redacted = createRedactor([secret])(`before ${echoed} after`);
  expect(redacted).not.toContain('canary');
  expect(redacted).not.toContain(Buffer.from(secret).toString('base64'));
  expect(redacted).toMatch(/^before .*\[redacted\].* after$/);
});

test.each([
  'Authorization: Bearer abcdefgh12345',
  'authorization: basic dXNlcjpwYXNzd29yZA==',
  'OAuth oauth_signature="abcdefgh12345"',
  '{"access_token":"abcdefgh12345","expires_in":1}',
  'client_secret=abcdefgh12345&grant_type=x',
])('takes out what looks like a credential: %s', (text) => {
  expect(createRedactor([])(text)).not.toMatch(/abcdefgh12345|dXNlcjpw/);
});

test('a secret that is part of another does not leave the rest of it', () => {
  expect(createRedactor(['abcd', 'abcdefgh'])('x abcdefgh y')).toBe('x [redacted] y');
});

test('leaves plain text alone, and does not blot everything for a secret of three letters', () => {
  const text = 'The school year 2025 is unknown; ask the administrator.';
  expect(createRedactor(['the', ''])(text)).toBe(text);
});
