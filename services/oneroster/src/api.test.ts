import { describe, expect, test } from 'vitest';
import { api } from './api.ts';
import { Connection } from './paths.ts';

const { credential: Credential } = api;
const connection = Connection.parse({ baseUrl: 'https://sis.example/d9' });
const oauth2 = { type: 'oauth2', clientId: 'flotilla', clientSecret: 's3cret' };
const oauth1 = { type: 'oauth1', consumerKey: 'flotilla', consumerSecret: 's3cret' };

describe('authorisation', () => {
  test('OAuth 2 asks the standard scopes of the version, at the base URL, with Basic', () => {
    expect(api.authorize(Credential.parse(oauth2), connection)).toEqual({
      kind: 'oauth2ClientCredentials',
      tokenUrl: 'https://sis.example/d9/token',
      clientId: 'flotilla',
      clientSecret: 's3cret',
      clientAuth: 'basic',
      scopes: [
        'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly',
        'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly',
        'https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook-core.readonly',
      ],
    });
    const older = api.authorize(Credential.parse(oauth2), { ...connection, version: '1.1' });
    expect(JSON.stringify(older)).not.toContain('v1p2');
  });

  test.each([
    ['1.1', ['gradebook.readonly', 'gradebook.createput', 'gradebook.delete']],
    ['1.2', ['gradebook.readonly', 'gradebook.createput', 'gradebook.createpost', 'gradebook.delete']],
  ] as const)(
    'a gradebook of %s that is written asks for the scopes to do so, no other does',
    (version, names) => {
      const base = `https://purl.imsglobal.org/spec/or/v${version.replace('.', 'p')}/scope/`;
      const scopesFor = (gradebook?: 'read' | 'write') => {
        const entered = Connection.parse({ baseUrl: 'https://sis.example', version, gradebook });
        const style = api.authorize(Credential.parse(oauth2), entered);
        return style.kind === 'oauth2ClientCredentials' ? style.scopes : undefined;
      };
      const rosters = ['roster-core.readonly', 'roster-demographics.readonly'];
      expect(scopesFor('write')).toEqual([...rosters, ...names].map((name) => base + name));
      expect(scopesFor('read')).toEqual(scopesFor());
      expect(JSON.stringify(scopesFor())).not.toMatch(/create|delete/);
    },
  );

  test('token URL, scopes and the place of the client secret can be those of the provider', () => {
    const entered = { ...connection, tokenUrl: 'https://login.example/oauth', scopes: ['roster'] };
    expect(api.authorize(Credential.parse({ ...oauth2, clientAuth: 'form' }), entered)).toMatchObject({
      tokenUrl: 'https://login.example/oauth',
      scopes: ['roster'],
      clientAuth: 'form',
    });
  });

  test('OAuth 1 signs with SHA-256 unless the provider wants SHA-1', () => {
    const style = { kind: 'oauth1', consumerKey: 'flotilla', consumerSecret: 's3cret' };
    expect(api.authorize(Credential.parse(oauth1), connection)).toEqual({
      ...style,
      signatureMethod: 'HMAC-SHA256',
    });
    const sha1 = Credential.parse({ ...oauth1, signatureMethod: 'HMAC-SHA1' });
    expect(api.authorize(sha1, connection)).toEqual({ ...style, signatureMethod: 'HMAC-SHA1' });
  });

  test.each([
    { ...oauth2, clientSecret: '' },
    { ...oauth1, clientId: 'x' },
    { type: 'basic', username: 'x', password: 'y' },
    { ...oauth1, signatureMethod: 'PLAINTEXT' },
    {},
  ])('refuses the credential %j', (credential) => {
    expect(Credential.safeParse(credential).success).toBe(false);
  });
});

test('the connection check reads one organisation', () => {
  expect(api.check(connection)).toEqual({
    path: '/ims/oneroster/rostering/v1p2/orgs',
    member: 'orgs',
    query: { limit: '1' },
  });
});
