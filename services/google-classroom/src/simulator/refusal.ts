import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type {
  SimulatedRequest,
  SimulatedResponse,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';

/** `google.rpc.Code` by its usual HTTP status; 400 has two, and of a fault nobody says which. */
const usual: Readonly<Record<number, string>> = {
  400: 'FAILED_PRECONDITION',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** `errors[].reason` of the Directory, which has them from before `status` was. */
const reasons: Readonly<Record<string, string>> = {
  INVALID_ARGUMENT: 'invalid',
  FAILED_PRECONDITION: 'conditionNotMet',
  UNAUTHENTICATED: 'authError',
  PERMISSION_DENIED: 'forbidden',
  NOT_FOUND: 'notFound',
  RESOURCE_EXHAUSTED: 'quotaExceeded',
};

/** Pure. `problem` of the simulator: Google's error, in the shape of the one API or of the other. */
export function problemToResponse(
  { status, code = usual[status] ?? 'UNKNOWN', description }: VendorProblem,
  { path }: Pick<SimulatedRequest, 'path'>,
): SimulatedResponse {
  const error: JsonObject = { code: status, message: description };
  if (path.startsWith('/admin/directory/')) {
    const reason = reasons[code] ?? 'backendError';
    return {
      status,
      json: { error: { ...error, errors: [{ message: description, domain: 'global', reason }] } },
    };
  }
  const details = detailsOf(code, description);
  return {
    status,
    json: { error: { ...error, status: code, ...(details === undefined ? {} : { details }) } },
  };
}

function detailsOf(code: string, description: string): JsonObject[] | undefined {
  if (code === 'INVALID_ARGUMENT' && description.startsWith('Invalid JSON payload'))
    return [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description }] }];
  if (code !== 'PERMISSION_DENIED' || description !== lacksScopes) return undefined;
  const type = 'type.googleapis.com/google.rpc.ErrorInfo';
  return [{ '@type': type, reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com' }];
}

export const lacksScopes = 'Request had insufficient authentication scopes.';

/** Pure. What is wrong with the request itself. */
export function invalid(description = 'Request contains an invalid argument.'): VendorProblem {
  return { status: 400, code: 'INVALID_ARGUMENT', description };
}

export function notFound(): VendorProblem {
  return { status: 404, description: 'Requested entity was not found.' };
}

/** Work of another developer's project (or of a teacher, by hand) is not this one's to change. */
export function notOurProject(): VendorProblem {
  const why = 'The Developer Console project is not permitted to make this request.';
  return { status: 403, description: `@ProjectPermissionDenied ${why}` };
}
