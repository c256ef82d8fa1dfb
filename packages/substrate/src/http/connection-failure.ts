import { Failure } from '../failure/failure.ts';

/**
 * Pure. What undici, sockets, DNS and TLS throw, as Failures. `data.isSent` is false where the request cannot have reached the
 * vendor, so that even a write may be repeated.
 */
export function toConnectionFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const failed = thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown;
  // The guard's refusal arrives as the error of the look-up.
  if (failed instanceof Failure) return failed;
  // By name: the library itself is loaded by whoever sends.
  const { name, code: told } = failed instanceof Error ? (failed as NodeJS.ErrnoException) : noError;
  if (name === 'ConnectTimeoutError') return gateway('connect_timeout', thrown, false);
  if (name === 'HeadersTimeoutError') return slow('headers_timeout', thrown);
  if (name === 'BodyTimeoutError') return slow('body_timeout', thrown);
  if (name === 'HeadersOverflowError') {
    return new Failure('vendor_answer_invalid', 'The answer has too many headers', {
      data: { problem: 'headers_too_large' },
      cause: thrown,
    });
  }
  // Without the cause: undici puts the answer's bytes into it.
  if (name === 'HTTPParserError') return gateway('not_http', undefined, true, told);
  const code = told ?? 'unknown';
  if (dnsCodes.has(code)) return gateway('dns', thrown, false, code);
  if (connectCodes.has(code)) return gateway('not_connected', thrown, false, code);
  if (tlsCodes.test(code)) return gateway('tls', thrown, false, code);
  if (connectionCodes.has(code)) return gateway('connection_lost', thrown, true, code);
  if (name === 'InvalidArgumentError') {
    return new Failure('invalid_params', 'The request cannot be sent', {
      data: { problem: 'request' },
      cause: thrown,
    });
  }
  return new Failure('internal', 'The HTTP client failed in an unexpected way', { cause: thrown });
}

const noError = { name: undefined, code: undefined };

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'ESERVFAIL']);
const connectCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);
const connectionCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);
/** OpenSSL's verification codes and Node's own. */
const tlsCodes =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$)/;

function gateway(problem: string, cause: unknown, isSent: boolean, code?: string): Failure {
  return new Failure('gateway_unavailable', 'The connection to the vendor fails', {
    data: { problem, isSent, ...(code === undefined ? {} : { networkCode: code }) },
    cause,
  });
}

function slow(problem: string, cause: unknown): Failure {
  return new Failure('vendor_unavailable', 'The vendor does not answer in time', {
    data: { problem },
    cause,
  });
}
