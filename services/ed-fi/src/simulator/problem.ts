import { createHash } from 'node:crypto';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { SimulatedResponse, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import type { Version } from './standard.ts';

/** A refusal with what Ed-Fi says besides. */
export interface EdFiProblem extends VendorProblem {
  /** Of the JSON path, such as `$.title`. */
  readonly validationErrors?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly string[];
}

const kinds: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['bad-request', 'Bad Request'],
  401: ['security:authentication', 'Authentication Failed'],
  403: ['security:authorization', 'Authorization Denied'],
  404: ['not-found', 'Not Found'],
  405: ['method-not-allowed', 'Method Not Allowed'],
  409: ['data-conflict', 'Data Conflict'],
  412: ['optimistic-lock-failed', 'Optimistic Lock Failed'],
  415: ['unsupported-media-type', 'Unsupported Media Type'],
  429: ['too-many-requests', 'Too Many Requests'],
};
const titles: Readonly<Record<string, string>> = {
  'data-validation-failed': 'Data Validation Failed',
  'key-change-not-supported': 'Key Change Not Supported',
  'parameter-validation-failed': 'Parameter Validation Failed',
  'unresolved-reference': 'Unresolved Reference',
  'dependent-item-exists': 'Dependent Item Exists',
  'non-unique-identity': 'Identifying Values Are Not Unique',
};

/** Pure. RFC 9457 since 7.2, one message before. `code` is what comes behind the status' own type: `data-validation-failed`. */
export function problemIn(version: Version): (problem: EdFiProblem) => SimulatedResponse {
  return ({ status, code, description, validationErrors, errors, headers = {} }) => {
    const [type, title] = kinds[status] ?? ['internal-server-error', 'Internal Server Error'];
    const told: JsonObject =
      version === '6.1'
        ? {
            message: [description, ...(errors ?? []), ...Object.values(validationErrors ?? {}).flat()].join(
              '\n',
            ),
          }
        : {
            detail: description,
            type: ['urn:ed-fi:api', type, ...(code === undefined ? [] : [code])].join(':'),
            title: titles[code?.split(':').at(-1) ?? ''] ?? title,
            status,
            correlationId: createHash('sha256').update(description).digest('hex').slice(0, 32),
            ...(validationErrors === undefined ? {} : { validationErrors: validationErrors as JsonObject }),
            ...(errors === undefined ? {} : { errors: [...errors] }),
          };
    return { status, headers, json: told };
  };
}
