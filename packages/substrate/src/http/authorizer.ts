import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { AuthStyle } from './auth.ts';
import { type SignedRequest, signOAuth1 } from './oauth1.ts';
import { createTokenSource, type TokenSource, type TokenSourceOptions } from './token-source.ts';

/** Applies an auth style to one request at a time. */
export interface Authorizer {
  /** Gets whatever takes time, and gives what signs; before the request waits for its turn, so that turns are not held idle. */
  ready(): Promise<Sign>;
  /** The vendor refused this header. True if another one can be had by asking again. */
  renew(header: string): boolean;
}

/** The `Authorization` header for this very request at this very moment; undefined where none is sent. */
export type Sign = (request: SignedRequest) => string | undefined;

export function createAuthorizer(auth: AuthStyle, options: Omit<TokenSourceOptions, 'auth'>): Authorizer {
  switch (auth.kind) {
    case 'none':
      return createFixed(undefined);
    case 'bearer':
      return createFixed(`Bearer ${auth.token}`);
    case 'basic':
      return createFixed(`Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`);
    case 'oauth1':
      return {
        ready: async () => (request) => signOAuth1(auth, request, newMoment(options.clock)),
        renew: () => false,
      };
    case 'oauth2ClientCredentials':
      return createRenewable(createTokenSource({ ...options, auth }));
  }
}

/** The secrets of an auth style, for redaction. */
export function secretsOf(auth: AuthStyle): readonly string[] {
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password];
    case 'oauth1':
      return [auth.consumerSecret];
    case 'oauth2ClientCredentials':
      return [auth.clientSecret, ...Object.values(auth.extra ?? {})];
  }
}

function createFixed(header: string | undefined): Authorizer {
  return {
    ready: async () => {
      assertSendable(header);
      return () => header;
    },
    renew: () => false,
  };
}

function createRenewable(tokens: TokenSource): Authorizer {
  return {
    ready: async () => {
      const header = `Bearer ${await tokens.get()}`;
      assertSendable(header);
      return () => header;
    },
    renew: (header) => {
      tokens.forget(header.slice('Bearer '.length));
      return true;
    },
  };
}

/** A token pasted with its line break would else fail deep in the HTTP client, as a fault of ours. */
function assertSendable(header: string | undefined): void {
  if (header === undefined || /^[\x20-\x7e]+$/.test(header)) return;
  throw new Failure('credentials_rejected', 'The token holds characters that no header can carry', {
    data: { problem: 'token_characters', remedy: 'Enter it again, without line breaks.' },
  });
}

function newMoment(clock: Clock): { timestamp: number; nonce: string } {
  return { timestamp: Math.floor(clock.now() / 1000), nonce: randomUUID().replaceAll('-', '') };
}
