import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { SimulatedResponse, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import type { Version } from './wire-fields.ts';

const defaultCodes: Readonly<Record<number, string>> = {
  400: 'invaliddata',
  401: 'unauthorisedrequest',
  403: 'forbidden',
  404: 'unknownobject',
  422: 'invaliddata',
  429: 'server_busy',
  500: 'internal_server_error',
};

/** Pure. A problem as OneRoster says it: 1.2 an `imsx_StatusInfo`, 1.1 a `statusInfoSet`. Where no minor code fits there is none. */
export function problemToResponse(problem: VendorProblem, version: Version): SimulatedResponse {
  const code = problem.code ?? defaultCodes[problem.status];
  return { status: problem.status, json: statusInfo('failure', 'error', code, problem.description, version) };
}

/** Pure. What OneRoster 1.1 adds to a list that it sends although the request asked for unknown fields. */
export function warningInfo(code: string, description: string): JsonObject {
  return statusInfo('success', 'warning', code, description, '1.1');
}

function statusInfo(
  major: string,
  severity: string,
  code: string | undefined,
  description: string,
  version: Version,
): JsonObject {
  const info = { imsx_codeMajor: major, imsx_severity: severity, imsx_description: description };
  if (version === '1.1') {
    return { statusInfoSet: [code === undefined ? info : { ...info, imsx_codeMinor: code }] };
  }
  if (code === undefined) return info;
  const field = { imsx_codeMinorFieldName: 'TargetEndSystem', imsx_codeMinorFieldValue: code };
  return { ...info, imsx_CodeMinor: { imsx_codeMinorField: [field] } };
}
