import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../failure/failure.ts';
import { type Authenticator, readBearerToken } from '../rpc/authenticate.ts';
import type { Caller, Role } from '../rpc/call.ts';

export interface LocalToken {
  readonly token: string;
  readonly role: Role;
  /** For logs and the audit trail. */
  readonly name: string;
}

export interface LocalAuthenticatorOptions {
  /** The fleet's own token: whoever has it is `admin`, and the machines' tokens derive from it. */
  readonly token: string;
  /** More callers, each with a role of its own. */
  readonly tokens?: readonly LocalToken[];
}

/** Below 16 characters a token could be guessed; generated ones have 43. */
export const tokenRule = 'at least 16 of A-Z a-z 0-9 . _ ~ + / -';

/** Whether a token is long enough, and of what a header can carry (RFC 6750). */
export function isSoundToken(token: string): boolean {
  return token.length >= 16 && /^[A-Za-z0-9._~+/-]+=*$/.test(token);
}

/** Throws `config_invalid` for a token that is too short or given twice. */
export function createLocalAuthenticator({ token, tokens = [] }: LocalAuthenticatorOptions): Authenticator {
  const known: readonly { readonly digest: Buffer; readonly caller: Caller }[] = [
    { token, role: 'admin', name: 'local admin' } as const,
    { token: deriveToken(token, 'tasks'), role: 'tasks', name: 'local task queue' } as const,
    { token: deriveToken(token, 'push'), role: 'push', name: 'local bus' } as const,
    { token: deriveToken(token, 'peers'), role: 'orchestrator', name: 'local fleet' } as const,
    ...tokens,
  ].map(({ token: secret, role, name }) => ({
    digest: digest(requireLong(secret, name)),
    caller: { role, name },
  }));
  requireDistinct(known.map(({ digest: one }) => one.toString('hex')));

  return {
    async verify(headers) {
      const sent = digest(readBearerToken(headers) ?? '');
      // All are compared, and as digests, so that the time taken tells neither which one matched nor how much of it.
      const matches = known.filter((entry) => timingSafeEqual(entry.digest, sent));
      const [match] = matches;
      if (match === undefined)
        throw new Failure('unauthenticated', 'No valid token in the Authorization header');
      return match.caller;
    },
  };
}

/** The token of a machine: whoever has it cannot find the fleet's token, nor another machine's. `peers`: of the fleet's services, for one another. */
export function deriveToken(token: string, purpose: 'tasks' | 'push' | 'peers'): string {
  return createHmac('sha256', token).update(`flotilla token for ${purpose}`).digest('base64url');
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function requireLong(token: string, name: string): string {
  if (isSoundToken(token)) return token;
  throw new Failure('config_invalid', 'A token is too short or has characters that a header cannot carry', {
    data: { caller: name, expected: tokenRule },
  });
}

function requireDistinct(digests: readonly string[]): void {
  if (new Set(digests).size < digests.length) {
    throw new Failure('config_invalid', 'Two callers have the same token');
  }
}
