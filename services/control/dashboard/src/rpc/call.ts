import { Failure } from '@flotilla/substrate/failure';
import { isFailureCode } from '@flotilla/substrate/failure/codes';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Wire } from '../../../src/wire.ts';

export type MethodName = keyof Wire;
export type ParamsOf<Name extends MethodName> = Wire[Name]['params'];
export type ResultOf<Name extends MethodName> = Wire[Name]['result'];

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: JsonObject };
}

/** One JSON-RPC call to control, which answers for the page's own origin only. Fails as the method does; with `unavailable` where nothing answers. */
export async function call<Name extends MethodName>(
  method: Name,
  params: ParamsOf<Name>,
  signal?: AbortSignal,
): Promise<ResultOf<Name>> {
  const { result, error } = await post('/rpc', { jsonrpc: '2.0', id: 1, method, params }, signal);
  if (error !== undefined) throw toFailure(error);
  return result as ResultOf<Name>;
}

/** Changes one one-time code for a session. Fails with `unauthenticated` for a code that is used, too old, or none. */
export async function signIn(code: string): Promise<void> {
  const { error } = await post('/session', { code });
  if (error !== undefined) throw toFailure(error);
}

/** Fails where the session goes on. */
export async function signOut(): Promise<void> {
  const { error } = await ask('/session', { method: 'DELETE' });
  if (error !== undefined) throw toFailure(error);
}

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  return ask(path, {
    method: 'POST',
    // The second makes Identity-Aware Proxy answer 401 when its session has run out, not send a script to Google's sign-in page.
    headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What is answered, also where that is nothing, as with 204. */
async function ask(path: string, init: RequestInit): Promise<Answer> {
  const { status, text } = await send(path, init);
  try {
    return status === 204 ? {} : (JSON.parse(text) as Answer);
  } catch {
    if (status === 401) throw new Failure('unauthenticated', 'You are not signed in any more');
    throw new Failure('unavailable', 'Control answered with something else than JSON', { data: { status } });
  }
}

async function send(path: string, init: RequestInit) {
  try {
    const response = await fetch(path, { credentials: 'same-origin', ...init });
    return { status: response.status, text: await response.text() };
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new Failure('unavailable', 'Control does not answer; is the fleet running?');
  }
}

function toFailure({ message, data = {} }: NonNullable<Answer['error']>): Failure {
  const { code: said, ...rest } = data;
  return new Failure(isFailureCode(said) ? said : 'internal', message, { data: rest });
}
