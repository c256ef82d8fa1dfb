import { timingSafeEqual } from 'node:crypto';
import type { SimulatedRequest, VendorProblem } from './exchange.ts';

export interface ApiKey {
  /** Default `authorization`. */
  readonly header?: string;
  /** What stands before the key, with its blank: `Bearer `. Default nothing. */
  readonly prefix?: string;
  readonly key: string;
}

/** The refusal (401) of a request without the key in its header. */
export function checkApiKey(
  request: SimulatedRequest,
  { header = 'authorization', prefix = '', key }: ApiKey,
): VendorProblem | undefined {
  const given = request.headers[header.toLowerCase()];
  if (typeof given === 'string' && isSame(given, prefix + key)) return undefined;
  const reason = given === undefined ? 'is missing' : 'does not hold a known key';
  return { status: 401, description: `The header ${header} ${reason}` };
}

export interface IdAndSecret {
  readonly id: string;
  readonly secret: string;
}

/** The refusal (401) of a request without Basic authentication as this user (RFC 7617). */
export function checkBasic(
  request: SimulatedRequest,
  { id, secret }: IdAndSecret,
): VendorProblem | undefined {
  const given = splitBasic(request);
  if (given !== undefined && isSame(given.id, id) && isSame(given.secret, secret)) return undefined;
  return {
    status: 401,
    description: 'Basic authentication with a known user and password is needed',
    headers: { 'WWW-Authenticate': 'Basic realm="simulator"' },
  };
}

/** Pure. RFC 6749 section 2.3.1: a client's id and secret are form-urlencoded before Basic joins them by a colon. */
export function readBasicClient(request: SimulatedRequest): IdAndSecret | undefined {
  const given = splitBasic(request);
  if (given === undefined) return undefined;
  try {
    return { id: decodeForm(given.id), secret: decodeForm(given.secret) };
  } catch {
    return undefined;
  }
}

function splitBasic(request: SimulatedRequest): IdAndSecret | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
