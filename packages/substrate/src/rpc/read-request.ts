import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { protocolError, type RpcError } from './rpc-error.ts';

/** No method's parameters come near it; validating what is deeper could end the stack. */
const maximumDepth = 64;

/** A member of a batch, or the whole request, as far as the protocol goes. `id` is absent in a notification. */
export interface RpcRequest {
  readonly method: string;
  readonly params: JsonObject | readonly JsonValue[] | undefined;
  readonly id?: RpcId;
}

export type RpcId = string | number | null;

export interface RefusedRequest {
  readonly error: RpcError;
  readonly id: RpcId;
}

/**
 * Pure. Reads a Request object (JSON-RPC 2.0, section 4) or refuses it. jayson checks much the same, but it takes an `id` of null for
 * a notification, says nothing of what is wrong, and does not look at depth or at numbers that JSON parsing has changed.
 */
export function readRequest(value: JsonValue): RpcRequest | RefusedRequest {
  if (!isJsonObject(value)) return { error: protocolError('invalid_request'), id: null };
  const { jsonrpc, method, params } = value;
  const id = Object.hasOwn(value, 'id') ? value.id : undefined;
  const idProblem = id === undefined ? undefined : describeIdProblem(id);
  const answerId = idProblem === undefined ? ((id ?? null) as RpcId) : null;
  function refuse(pointer: string, expected: string): RefusedRequest {
    return { error: protocolError('invalid_request', { pointer, expected }), id: answerId };
  }

  // What names no method at all is no attempt at a call that one could correct: it gets the specification's bare answer.
  if (typeof method !== 'string') return { error: protocolError('invalid_request'), id: answerId };
  if (idProblem !== undefined) return refuse('/id', idProblem);
  if (jsonrpc !== '2.0') return refuse('/jsonrpc', 'the text "2.0"');
  if (params !== undefined && !isJsonObject(params) && !Array.isArray(params)) {
    return refuse('/params', 'an object with named parameters, or nothing');
  }
  if (params !== undefined && isDeeperThan(params, maximumDepth)) {
    return refuse('/params', `at most ${maximumDepth} levels of nesting`);
  }
  const request = { method, params: params as RpcRequest['params'] };
  return id === undefined ? request : { ...request, id: id as RpcId };
}

export function isRefused(request: RpcRequest | RefusedRequest): request is RefusedRequest {
  return 'error' in request;
}

function describeIdProblem(id: JsonValue): string | undefined {
  if (id === null || typeof id === 'string') return undefined;
  if (typeof id !== 'number') return 'a text, a number or null';
  // 12345678901234567890 was another number when it was sent: an answer to it would never be matched.
  const isKept = Number.isFinite(id) && (Number.isSafeInteger(id) || !Number.isInteger(id));
  return isKept ? undefined : 'a text instead of a number beyond 2^53, which JSON does not keep exactly';
}

/** Walks with a list instead of recursion: it is there to protect recursion. */
function isDeeperThan(container: JsonObject | readonly JsonValue[], levels: number): boolean {
  let level: readonly object[] = [container];
  for (let depth = 1; depth <= levels; depth++) {
    level = level.flatMap((item) =>
      Object.values(item).filter((member) => typeof member === 'object' && member !== null),
    );
    if (level.length === 0) return false;
  }
  return true;
}
