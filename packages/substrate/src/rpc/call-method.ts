import type { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { findNearest } from '../failure/find-nearest.ts';
import { jsonPointer } from '../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { Call, Role } from './call.ts';
import type { AnyMethod } from './define-method.ts';

/** A hostile call can be wrong in a hundred thousand places; a person reads the first few. */
const maximumIssues = 100;

/** What is wrong with one parameter. The pointer is relative to `params`. */
export interface ParamIssue extends JsonObject {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Calls a method for a caller: role, parameters, run, result. Throws `forbidden`, `invalid_params` with `data.issues`, whatever the
 * method throws, and `internal` for a result that breaks its schema.
 */
export async function callMethod<Context>(
  method: AnyMethod<Context>,
  params: JsonObject | readonly JsonValue[] | undefined,
  call: Call<Context>,
): Promise<JsonValue> {
  if (!method.roles.includes(call.caller.role as Role)) {
    throw new Failure('forbidden', 'The caller has none of the roles that may call this method', {
      data: { method: method.wireName, role: call.caller.role, roles: method.roles },
    });
  }
  const parsed = await method.params.safeParseAsync(nameParams(params));
  if (!parsed.success) throw invalidParams(listIssues(parsed.error, Object.keys(method.params.shape)));
  // `never` stands for "what this method's own schema puts out", which is what was parsed just now.
  const result = await method.result.safeParseAsync(await method.run(call, parsed.data as never));
  if (result.success) return result.data as JsonValue;
  throw new Failure('internal', 'A method broke its own result schema', {
    data: { method: method.wireName, issues: listIssues(result.error, []).slice(0, 10) },
  });
}

/** Parameters have names. A list is taken where it can mean but one thing: empty, or one object (which some clients always send). */
function nameParams(params: JsonObject | readonly JsonValue[] | undefined): JsonObject {
  if (params === undefined) return {};
  if (isJsonObject(params)) return params;
  const [first] = params;
  if (first === undefined) return {};
  if (params.length === 1 && isJsonObject(first)) return first;
  throw invalidParams([{ pointer: '', message: 'Parameters are named: send an object, not a list' }]);
}

function invalidParams(issues: readonly ParamIssue[]): Failure {
  const more = issues.length > maximumIssues ? { more: issues.length - maximumIssues } : {};
  return new Failure('invalid_params', 'Invalid params', {
    data: { issues: issues.slice(0, maximumIssues), ...more },
  });
}

function listIssues(error: z.ZodError, names: readonly string[]): ParamIssue[] {
  return error.issues.flatMap((issue) => describeIssue(issue, names));
}

/** zod names all unknown members in one issue and keeps a union's reasons to itself; a caller wants each at its place. */
function describeIssue(issue: z.core.$ZodIssue, names: readonly string[]): ParamIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = issue.path.length === 0 ? findNearest(key, names) : undefined;
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      return { pointer: jsonPointer([...issue.path, key]), message: `There is no such parameter${hint}` };
    });
  }
  return [{ pointer: jsonPointer(issue.path), message: issue.message }];
}
