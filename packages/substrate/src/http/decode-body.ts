import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { Failure } from '../failure/failure.ts';

/** What the client offers in `Accept-Encoding`. */
export const acceptedEncodings = 'gzip, br, deflate';

/**
 * Undoes the `Content-Encoding`s, each into at most `maxBytes`: a few kilobytes can unpack to gigabytes. Throws `too_large`,
 * `gateway_unavailable` for a body that was cut off, `vendor_answer_invalid` for one that is not what its header says.
 */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (body.byteLength === 0) return body;
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > maximumLayers) throw refuseEncoding(encodings);
  let decoded = body;
  for (const encoding of encodings.toReversed()) {
    const decoder = toDecoder(encoding, decoded);
    if (decoder === undefined) throw refuseEncoding(encodings);
    try {
      decoded = await decoder(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      throw translateZlibError(error, encodings, maxBytes);
    }
  }
  return decoded;
}

/** Some servers compress what is compressed; more layers are an attack. */
const maximumLayers = 2;

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

function toDecoder(encoding: string, body: Uint8Array): Decoder | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return promisify(gunzip);
    case 'br':
      return promisify(brotliDecompress);
    case 'deflate':
      // RFC 9110 means zlib's format; old servers send raw deflate. Zlib's first byte says method 8 in its low half.
      return ((body[0] ?? 0) & 0x0f) === 8 ? promisify(inflate) : promisify(inflateRaw);
    default:
      return undefined;
  }
}

function translateZlibError(error: unknown, encodings: readonly string[], maxBytes: number): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new Failure('too_large', 'The answer unpacks to more than the limit', {
      data: { problem: 'expands_too_far', maxBytes },
      cause: error,
    });
  }
  // Brotli names its truncation like gzip and deflate do: zlib's Z_BUF_ERROR, "unexpected end of file".
  if (code === 'Z_BUF_ERROR') {
    return new Failure('gateway_unavailable', 'The answer was cut off', {
      data: { problem: 'body_cut_off' },
      cause: error,
    });
  }
  return refuseEncoding(encodings, error);
}

function refuseEncoding(encodings: readonly string[], cause?: unknown): Failure {
  return new Failure(
    'vendor_answer_invalid',
    'The answer is not encoded as it says, or in a way we did not offer',
    {
      data: { problem: 'body_encoding', encodings },
      cause,
    },
  );
}
