import type { JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedResponse, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';

/** Pure. The shape of an error; `problem` of the simulator. */
export function problemToResponse({ status, code, description, headers }: VendorProblem): SimulatedResponse {
  const errors = [{ message: description }];
  if (status !== 401) return { status, json: { errors } };
  // With a challenge it is the token that is bad; without one it may not do that one thing.
  if (code === 'unauthorized') return { status, json: { status: code, errors } };
  return {
    status,
    headers: { 'WWW-Authenticate': 'Bearer realm="canvas-lms"', ...headers },
    json: { errors },
  };
}

export const notFound: VendorProblem = {
  status: 404,
  description: 'The specified resource does not exist.',
};

export const unauthorized: VendorProblem = {
  status: 401,
  code: 'unauthorized',
  description: 'user not authorized to perform that action',
};

/** Pure. A member of what was sent that Canvas does not take. */
export function invalid(attribute: string, message: string): SimulatedResponse {
  return { status: 400, json: { errors: { [attribute]: [{ attribute, type: message, message }] } } };
}

/** Pure. What some parts of Canvas answer instead: `{"error": …}`, `{"message": …}`, `{"errors": […]}`. */
export function refuseWith(json: JsonValue, status = 400): SimulatedResponse {
  return { status, json };
}
