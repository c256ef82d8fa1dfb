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
  /** The vendor refused what this header says. True if another can be had by asking again. */
  renew(header: AuthHeader): boolean;
}

/** The header that proves who asks. `name` in lower case. */
export interface AuthHeader {
  readonly name: string;
  readonly value: string;
}

/** The header for this very request at this very moment; undefined where none is sent. */
export type Sign = (request: SignedRequest) => AuthHeader | undefined;

export function createAuthorizer(auth: AuthStyle, options: Omit<TokenSourceOptions, 'auth'>): Authorizer {
  switch (auth.kind) {
    case 'none':
      return createFixed(undefined);
    case 'bearer':
      return createFixed(`Bearer ${auth.token}`);
    case 'basic':
      return createFixed(`Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`);
    case 'apiKey':
      return createFixed(`${auth.prefix ?? ''}${auth.value}`, auth.header.toLowerCase());
    case 'oauth1':
      return {
        ready: async () => (request) => authorization(signOAuth1(auth, request, newMoment(options.clock))),
        renew: () => false,
      };
    case 'oauth2ClientCredentials':
    case 'refreshToken':
    case 'jwtBearer':
    case 'tokenExchange':
      return createRenewable(createTokenSource({ ...options, auth }));
  }
}

function createFixed(value: string | undefined, name = 'authorization'): Authorizer {
  return {
    ready: async () => {
      if (value === undefined) return () => undefined;
      assertSendable(value);
      return () => ({ name, value });
    },
    renew: () => false,
  };
}

function createRenewable(tokens: TokenSource): Authorizer {
  return {
    ready: async () => {
      const header = `Bearer ${await tokens.get()}`;
      assertSendable(header);
      return () => authorization(header);
    },
    renew: ({ value }) => {
      tokens.forget(value.slice('Bearer '.length));
      return true;
    },
  };
}

function authorization(value: string): AuthHeader {
  return { name: 'authorization', value };
}

/** A token pasted with its line break would else fail deep in the HTTP client, as a fault of ours. */
function assertSendable(header: string): void {
  if (/^[\x20-\x7e]+$/.test(header)) return;
  throw new Failure('credentials_rejected', 'The token holds characters that no header can carry', {
    data: { problem: 'token_characters', remedy: 'Enter it again, without line breaks.' },
  });
}

function newMoment(clock: Clock): { timestamp: number; nonce: string } {
  return { timestamp: Math.floor(clock.now() / 1000), nonce: randomUUID().replaceAll('-', '') };
}
