import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { SimulatedRequest } from './exchange.ts';
import { createOAuth1Verifier, percentEncode, signatureBaseString } from './oauth1-verifier.ts';

const clock = createManualClock(Date.UTC(2026, 0, 1));
const now = Date.UTC(2026, 0, 1) / 1000;
const consumer = { key: 'key one', secret: 'se&cret/+ü' };

function requestOf(url: string, authorization: string | undefined, method = 'GET'): SimulatedRequest {
  const { origin, pathname, search } = new URL(url);
  const rawQuery = search.slice(1);
  return {
    method,
    origin,
    path: pathname,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    params: {},
    route: '',
    headers: authorization === undefined ? {} : { authorization },
    body: '',
  };
}

/** An independent implementation signs. */
function sign(
  url: string,
  method: 'HMAC-SHA1' | 'HMAC-SHA256',
  changes: Record<string, string> = {},
): string {
  const oauth = new OAuth({
    consumer,
    signature_method: method,
    hash_function: (text, key) =>
      createHmac(method === 'HMAC-SHA1' ? 'sha1' : 'sha256', key)
        .update(text)
        .digest('base64'),
  });
  oauth.getTimeStamp = () => now;
  const signed = oauth.authorize({ url, method: 'GET' });
  return oauth.toHeader({ ...signed, ...changes }).Authorization;
}

function verify(
  authorization: string | undefined,
  url = 'http://sis.example/users?limit=2',
): string | undefined {
  return createOAuth1Verifier({ consumerKey: consumer.key, consumerSecret: consumer.secret, clock })(
    requestOf(url, authorization),
  );
}

describe('the signature base string', () => {
  test('is that of RFC 5849, section 3.4.1.1', () => {
    const request = {
      method: 'post',
      origin: 'http://EXAMPLE.COM:80',
      path: '/request',
      rawQuery: 'b5=%3D%253D&a3=a&c%40=&a2=r%20b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'c2&a3=2+q',
    };
    const authorization = [
      ['realm', 'Example'],
      ['oauth_consumer_key', '9djdj82h48djs9d2'],
      ['oauth_token', 'kkk9d7dh3k39sjv7'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131201'],
      ['oauth_nonce', '7d8f3e4a'],
      ['oauth_signature', 'bYT5CMsGcbgUdFHObYMEfcx6bsw='],
    ] as const;

    expect(signatureBaseString(request, authorization)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  test('gives the signature of RFC 5849, section 1.2', () => {
    const request = requestOf('http://photos.example.net/photos?file=vacation.jpg&size=original', undefined);
    const base = signatureBaseString(request, [
      ['realm', 'Photos'],
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131202'],
      ['oauth_nonce', 'chapoH'],
    ]);

    const signature = createHmac('sha1', 'kd94hf93k423kf44&pfkkdhi9sl3r4s00').update(base).digest('base64');
    expect(signature).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });

  test('encodes everything but unreserved characters', () => {
    expect(percentEncode("aZ9-._~!'()* ü☃")).toBe('aZ9-._~%21%27%28%29%2A%20%C3%BC%E2%98%83');
  });
});

describe('a signed request', () => {
  const filter =
    'http://sis.example:8080/v1/users?limit=2&filter=familyName%3D%27O%E2%80%99Brien%20%26%20Co%27&sort=b%2Bc';

  test.each(['HMAC-SHA1', 'HMAC-SHA256'] as const)(
    'by another implementation with %s is let in',
    (method) => {
      expect(verify(sign(filter, method), filter)).toBeUndefined();
    },
  );

  test('of which anything was changed is refused', () => {
    const header = sign(filter, 'HMAC-SHA1');

    const mismatch = 'The oauth_signature does not match the request';
    expect(verify(header, filter.replace('limit=2', 'limit=3'))).toBe(mismatch);
    expect(verify(header, filter.replace('/v1/users', '/v1/orgs'))).toBe(mismatch);
    expect(verify(header, filter.replace(':8080', ''))).toBe(mismatch);
    expect(verify(header.replace('HMAC-SHA1', 'HMAC-SHA256'), filter)).toBe(mismatch);
    expect(
      createOAuth1Verifier({ consumerKey: consumer.key, consumerSecret: consumer.secret, clock })(
        requestOf(filter, header, 'PUT'),
      ),
    ).toBe(mismatch);
  });

  test('is refused a second time, and old nonces are let go with their time', async () => {
    const moving = createManualClock(now * 1000);
    const check = createOAuth1Verifier({
      consumerKey: consumer.key,
      consumerSecret: consumer.secret,
      clock: moving,
    });
    const header = sign(filter, 'HMAC-SHA1');

    expect(check(requestOf(filter, header))).toBeUndefined();
    expect(check(requestOf(filter, header))).toBe('This oauth_nonce was used before');
    await moving.advance(301_000);
    expect(check(requestOf(filter, header))).toBe('oauth_timestamp is more than 300 seconds off');
  });

  const refused: readonly [string, string | undefined, string][] = [
    ['no header', undefined, 'An Authorization header of the OAuth scheme is needed'],
    ['a bearer token', 'Bearer abc', 'An Authorization header of the OAuth scheme is needed'],
    ['no quotes', 'OAuth oauth_nonce=1', 'Not a parameter of the Authorization header: oauth_nonce=1'],
    [
      'a broken escape',
      'OAuth oauth_nonce="%E0%A4%A"',
      'Wrongly encoded in the Authorization header: oauth_nonce="%E0%A4%A"',
    ],
    [
      'a repeated parameter',
      'OAuth oauth_nonce="1", oauth_nonce="2"',
      'A parameter of the Authorization header is given twice',
    ],
    ['no nonce', sign(filter, 'HMAC-SHA1', { oauth_nonce: '' }), 'oauth_nonce is missing'],
    ['another version', sign(filter, 'HMAC-SHA1', { oauth_version: '2.0' }), 'oauth_version must be 1.0'],
    [
      'another consumer',
      sign(filter, 'HMAC-SHA1', { oauth_consumer_key: 'x' }),
      'Unknown oauth_consumer_key',
    ],
    [
      'a wordy time',
      sign(filter, 'HMAC-SHA1', { oauth_timestamp: 'now' }),
      'oauth_timestamp must be seconds since 1970',
    ],
  ];

  test.each(refused)('with %s is refused', (_name, header, reason) => {
    expect(verify(header, filter)).toBe(reason);
  });

  test('with a method that this provider does not take is refused', () => {
    const check = createOAuth1Verifier({
      consumerKey: consumer.key,
      consumerSecret: consumer.secret,
      signatureMethods: ['HMAC-SHA256'],
      clock,
    });

    expect(check(requestOf(filter, sign(filter, 'HMAC-SHA1')))).toBe(
      'oauth_signature_method must be HMAC-SHA256, not HMAC-SHA1',
    );
  });
});
