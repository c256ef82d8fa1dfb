import { randomBytes } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import type {
  SimulatedRequest,
  SimulatedResponse,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';

export interface OAuth2Options {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Every scope that this provider knows and grants to the client. */
  readonly scopes: readonly string[];
  /** Seconds; default 3600. */
  readonly tokenLifetimeSeconds?: number;
  readonly clock: Clock;
}

export interface OAuth2Provider {
  /** `POST /token`: client credentials, RFC 6749 section 4.4, errors as in its section 5.2. */
  issue(request: SimulatedRequest): SimulatedResponse;
  /** The refusal of a request whose token is missing, unknown, expired, or without any of the scopes; 401 or 403. */
  check(request: SimulatedRequest, scopes: readonly string[]): VendorProblem | undefined;
  /** Makes the token that this request carries invalid. */
  expire(request: SimulatedRequest): void;
}

interface Token {
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: number;
}

export function createOAuth2Provider(options: OAuth2Options): OAuth2Provider {
  const { clientId, clientSecret, clock, tokenLifetimeSeconds = 3600 } = options;
  const tokens = new Map<string, Token>();

  function issue(request: SimulatedRequest): SimulatedResponse {
    const client = parseBasic(request.headers.authorization);
    if (client?.id !== clientId || client.secret !== clientSecret) {
      const response = refuse(
        401,
        'invalid_client',
        'Basic authentication with the client id and secret, each form-urlencoded',
      );
      return { ...response, headers: { ...response.headers, 'WWW-Authenticate': 'Basic realm="token"' } };
    }
    const type = request.headers['content-type']?.split(';')[0]?.trim();
    if (type !== 'application/x-www-form-urlencoded') {
      return refuse(
        400,
        'invalid_request',
        `The body must be application/x-www-form-urlencoded, not ${type ?? 'untyped'}`,
      );
    }
    const form = new URLSearchParams(request.body);
    if (form.getAll('grant_type').length !== 1)
      return refuse(400, 'invalid_request', 'grant_type is needed, once');
    if (form.get('grant_type') !== 'client_credentials')
      return refuse(400, 'unsupported_grant_type', 'Only client_credentials');
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    if (asked.length === 0)
      return refuse(400, 'invalid_scope', "A scope is needed; 1EdTech's Security Framework demands it");
    const unknown = asked.filter((scope) => !options.scopes.includes(scope));
    if (unknown.length > 0) return refuse(400, 'invalid_scope', `Not granted: ${unknown.join(' ')}`);
    const token = randomBytes(32).toString('base64url');
    tokens.set(token, { scopes: new Set(asked), expiresAt: clock.now() + tokenLifetimeSeconds * 1000 });
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' },
      json: {
        access_token: token,
        token_type: 'bearer',
        expires_in: tokenLifetimeSeconds,
        scope: asked.join(' '),
      },
    };
  }

  function check(request: SimulatedRequest, scopes: readonly string[]): VendorProblem | undefined {
    const text = bearerOf(request);
    if (text === undefined) return { status: 401, description: 'A bearer token is needed' };
    const token = tokens.get(text);
    if (token === undefined) return { status: 401, description: 'The token is unknown or was revoked' };
    if (clock.now() >= token.expiresAt) return { status: 401, description: 'The token has expired' };
    if (scopes.length === 0 || scopes.some((scope) => token.scopes.has(scope))) return undefined;
    return { status: 403, description: `The token has none of the scopes ${scopes.join(' ')}` };
  }

  function expire(request: SimulatedRequest): void {
    const text = bearerOf(request);
    if (text !== undefined) tokens.delete(text);
  }

  return { issue, check, expire };
}

function bearerOf(request: SimulatedRequest): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** RFC 6749 section 2.3.1: id and secret are form-urlencoded before Basic joins them by a colon. */
function parseBasic(
  header: string | undefined,
): { readonly id: string; readonly secret: string } | undefined {
  const text = Buffer.from(/^Basic +(\S+)$/i.exec(header ?? '')?.[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      return undefined;
    }
  });
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

function refuse(status: number, error: string, description: string): SimulatedResponse {
  return {
    status,
    headers: { 'Cache-Control': 'no-store' },
    json: { error, error_description: description },
  };
}
