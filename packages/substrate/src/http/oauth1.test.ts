import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { OAuth1Auth } from './auth.ts';
import { signatureBaseString, signOAuth1 } from './oauth1.ts';
import { encodeQuery } from './request-url.ts';

const auth: OAuth1Auth = {
  kind: 'oauth1',
  consumerKey: 'key~1',
  consumerSecret: 's&c r%t!é',
  signatureMethod: 'HMAC-SHA256',
};

describe('the signature base string', () => {
  test('is that of RFC 5849 §3.4.1.1, with repeated, empty and encoded parameters in query and form', () => {
    const request = {
      method: 'post',
      url: new URL('http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b'),
      form: { c2: '', a3: '2 q' },
    };
    const parameters = {
      oauth_consumer_key: '9djdj82h48djs9d2',
      oauth_token: 'kkk9d7dh3k39sjv7',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131201',
      oauth_nonce: '7d8f3e4a',
    };
    expect(signatureBaseString(auth, request, parameters)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
        'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
        'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  test('gives the signature of RFC 5849 §1.2', () => {
    const request = {
      method: 'GET',
      url: new URL('http://photos.example.net/photos?file=vacation.jpg&size=original'),
    };
    const text = signatureBaseString(auth, request, {
      oauth_consumer_key: 'dpf43f3p2l4k3l03',
      oauth_token: 'nnch734d00sl2jdk',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131202',
      oauth_nonce: 'chapoH',
    });
    const signature = createHmac('sha1', 'kd94hf93k423kf44&pfkkdhi9sl3r4s00').update(text).digest('base64');
    expect(signature).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });

  test('reads a plus in the query as the space that it stands for', () => {
    const spaced = { method: 'GET', url: new URL('https://x/?a=1+2&a=') };
    const encoded = { method: 'GET', url: new URL('https://x/?a=&a=1%202') };
    expect(signatureBaseString(auth, spaced, {})).toBe(signatureBaseString(auth, encoded, {}));
  });
});

describe('signOAuth1', () => {
  const query = encodeQuery({
    limit: 100,
    offset: 200,
    filter: "dateLastModified>='2024-01-01T00:00:00.000Z' AND status='active'",
    fields: 'a,b(c)*!',
  });
  const request = {
    method: 'GET',
    url: new URL(`https://sis.example.com:443/ims/oneroster/v1p1/users?${query}`),
  };
  const moment = { timestamp: 1_700_000_000, nonce: 'abc123' };

  // Computed with Python's hmac and urllib from the RFC's text.
  test.each([
    ['HMAC-SHA1', 'ZktPLRd+d8tAd8gteRWWvceK2BY='],
    ['HMAC-SHA256', 'mfI/agyOvc2/sjBvnWzUp55V+tZx8JwOmg5HqKRu8z4='],
  ] as const)(
    'signs a OneRoster request by %s, limit, offset and a doubly encoded filter included',
    (signatureMethod, signature) => {
      expect(signOAuth1({ ...auth, signatureMethod }, request, moment)).toBe(
        `OAuth oauth_consumer_key="key~1", oauth_nonce="abc123", oauth_signature="${encodeURIComponent(signature)}", ` +
          `oauth_signature_method="${signatureMethod}", oauth_timestamp="1700000000", oauth_version="1.0"`,
      );
    },
  );
});
