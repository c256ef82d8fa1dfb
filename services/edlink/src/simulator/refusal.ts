import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedResponse, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';

/** Pure. Edlink says nearly everything with 400, and what it means by the code. */
export function refuse(code: string, description: string): VendorProblem {
  return { status: 400, code, description };
}

/** Pure. The shape of an error; `problem` of the simulator. Faults have a status of their own and need a code that means nothing else. */
export function problemToResponse({ status, code, description }: VendorProblem): SimulatedResponse {
  const usual = status >= 500 ? 'INTERNAL' : status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST';
  const errors = [{ code: code ?? usual, message: description }];
  return { status, json: { $request: requestId, $errors: errors } };
}

/** Two reads of what stands still are equal, so it is always the same. */
const requestId = '5e9c1d2a-7a40-4a51-9d3f-0c6b8f2e1a77';

export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** Pure. The envelope of a success. */
export function envelop($data: JsonValue, warnings: readonly Warning[], $next?: string): JsonObject {
  return {
    $data,
    $request: requestId,
    ...($next === undefined ? {} : { $next }),
    ...(warnings.length === 0 ? {} : { $warnings: warnings.map(({ code, message }) => ({ code, message })) }),
  };
}
