import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../json/json-value.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import type { Route, SimulatedRequest, SimulatedResponse } from './exchange.ts';
import { jsonObjectIn } from './json-body.ts';
import { type IdAndSecret, readBasicClient } from './shared-secret.ts';

/** A token request's parameters, each given once. */
export type TokenForm = ReadonlyMap<string, string>;

/** What a grant allows, or why it does not (RFC 6749 section 5.2). */
export type GrantDecision =
  | {
      readonly scopes: readonly string[];
      readonly subject?: string | undefined;
      /** Further members of the answer, such as `refresh_token`. */
      readonly members?: JsonObject;
    }
  | TokenRefusal;

export interface TokenRefusal {
  readonly error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope';
  readonly description: string;
}

export type Grant = (form: TokenForm, request: SimulatedRequest) => GrantDecision;

export interface TokenEndpointOptions {
  readonly tokens: BearerTokens;
  /** By `grant_type`. Others are refused as unsupported. */
  readonly grants: Readonly<Record<string, Grant>>;
  /** Who may ask, and where its secret stands; default: Basic alone. Without a client the grant itself says who asks, as an assertion does. */
  readonly client?: IdAndSecret & { readonly secretIn?: readonly ('basic' | 'body')[] };
  /** The types of body that are read; default forms alone, as RFC 6749 has it. */
  readonly bodies?: readonly ('form' | 'json')[];
}

const mediaTypes = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const;

/** `POST /token` as RFC 6749 says, to the letter: errors as in its section 5.2. An open route. */
export function createTokenEndpoint(options: TokenEndpointOptions): Route {
  const { tokens, grants, client, bodies = ['form'] } = options;

  function isClient(form: TokenForm, request: SimulatedRequest): boolean {
    if (client === undefined) return true;
    const { secretIn = ['basic'] } = client;
    const header = readBasicClient(request);
    // Section 2.3: "The client MUST NOT use more than one authentication method in each request."
    if (header !== undefined && form.has('client_secret')) return false;
    const inBody = { id: form.get('client_id'), secret: form.get('client_secret') };
    const given = header === undefined ? inBody : header;
    return (
      secretIn.includes(header === undefined ? 'body' : 'basic') &&
      given.id === client.id &&
      given.secret === client.secret
    );
  }

  return (request) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    const body = bodies.find((kind) => mediaTypes[kind] === type);
    const form = body === undefined ? new Map<string, string>() : readForm(request.body, body);
    const isReadable = body !== undefined && form !== undefined;
    if (!isClient(form ?? new Map(), request)) {
      const names =
        client?.secretIn?.includes('body') === true
          ? 'client_id and client_secret of a known client are needed'
          : 'Basic authentication with the client id and secret, each form-urlencoded';
      return refuse(401, 'invalid_client', names, { 'WWW-Authenticate': 'Basic realm="token"' });
    }
    if (!isReadable) {
      const expected = bodies.map((kind) => mediaTypes[kind]).join(' or ');
      const found = body === undefined ? (type ?? 'untyped') : 'one with a parameter twice or of no text';
      return refuse(400, 'invalid_request', `The body must be ${expected}, not ${found}`);
    }
    const name = form.get('grant_type');
    if (name === undefined) return refuse(400, 'invalid_request', 'grant_type is needed, once');
    const grant = Object.hasOwn(grants, name) ? grants[name] : undefined;
    if (grant === undefined)
      return refuse(400, 'unsupported_grant_type', `Only ${Object.keys(grants).join(', ')}`);
    const decision = grant(form, request);
    if ('error' in decision)
      return refuse(decision.error === 'invalid_client' ? 401 : 400, decision.error, decision.description);
    const { scopes, subject, members } = decision;
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' },
      json: {
        access_token: tokens.issue({ scopes, subject }),
        token_type: 'bearer',
        ...(Number.isFinite(tokens.lifetimeSeconds) ? { expires_in: tokens.lifetimeSeconds } : {}),
        ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
        ...members,
      },
    };
  };
}

export interface ScopeRules {
  /** All that may be asked for. */
  readonly scopes: readonly string[];
  /** Whether a request without `scope` is refused; else it gets all of them. */
  readonly isScopeNeeded?: boolean;
}

/** Section 4.4. */
export function clientCredentialsGrant(rules: ScopeRules): Grant {
  return (form) => decideScopes(form.get('scope'), rules);
}

export interface RefreshRules {
  /** The refresh token that somebody's consent has given. */
  readonly refreshToken: string;
  readonly scopes?: readonly string[];
  /** Whether each use gives a new refresh token and ends the one used; default no. */
  readonly rotates?: boolean;
  /** Whom the tokens speak for. */
  readonly subject?: string;
}

/** Section 6. */
export function refreshTokenGrant(rules: RefreshRules): Grant {
  const { scopes = [], rotates = false, subject } = rules;
  let current = rules.refreshToken;
  return (form) => {
    if (form.get('refresh_token') !== current)
      return { error: 'invalid_grant', description: 'The refresh token is unknown, was used or was revoked' };
    const decision = decideScopes(form.get('scope'), { scopes });
    if ('error' in decision) return decision;
    if (rotates) current = randomBytes(24).toString('base64url');
    return { ...decision, subject, ...(rotates ? { members: { refresh_token: current } } : {}) };
  };
}

/** Pure. The scopes asked for, where all of them may be. */
export function decideScopes(
  text: string | undefined,
  { scopes, isScopeNeeded = false }: ScopeRules,
): { readonly scopes: readonly string[] } | TokenRefusal {
  const asked = (text ?? '').split(' ').filter((scope) => scope !== '');
  if (asked.length === 0 && isScopeNeeded)
    return { error: 'invalid_scope', description: 'A scope is needed' };
  const unknown = asked.filter((scope) => !scopes.includes(scope));
  if (unknown.length > 0) return { error: 'invalid_scope', description: `Not granted: ${unknown.join(' ')}` };
  return { scopes: asked.length === 0 ? scopes : asked };
}

/** Section 3.2: a parameter must not be given more than once. Undefined where one is, or where JSON holds other than texts. */
function readForm(body: string, kind: 'form' | 'json'): TokenForm | undefined {
  if (kind === 'form') {
    const pairs = [...new URLSearchParams(body)];
    const form = new Map(pairs);
    return form.size === pairs.length ? form : undefined;
  }
  const value = jsonObjectIn(body);
  if (value === undefined) return undefined;
  const pairs = Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return pairs.length === Object.keys(value).length ? new Map(pairs) : undefined;
}

function refuse(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse {
  return {
    status,
    headers: { 'Cache-Control': 'no-store', ...headers },
    json: { error, error_description: description },
  };
}
