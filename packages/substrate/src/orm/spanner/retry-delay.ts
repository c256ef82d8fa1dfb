/** The trailer in which google.rpc.RetryInfo comes, in protocol buffer form. */
const trailer = 'google.rpc.retryinfo-bin';

/**
 * Pure. How long Spanner asks to wait before an aborted transaction is repeated, in ms; undefined where it does not say (the
 * emulator never does). RetryInfo = { retry_delay = 1: Duration = { seconds = 1, nanos = 2 } }.
 */
export function retryDelayMs(metadata: unknown): number | undefined {
  const bytes = readTrailer(metadata);
  if (bytes === undefined || bytes[0] !== 0x0a) return undefined;
  const duration = bytes.subarray(2, 2 + (bytes[1] ?? 0));
  const fields = readVarints(duration);
  const ms = (fields.get(1) ?? 0) * 1_000 + (fields.get(2) ?? 0) / 1e6;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function readTrailer(metadata: unknown): Uint8Array | undefined {
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    !('get' in metadata) ||
    typeof metadata.get !== 'function'
  )
    return undefined;
  const values: unknown = metadata.get(trailer);
  const first: unknown = Array.isArray(values) ? values[0] : undefined;
  return first instanceof Uint8Array ? first : undefined;
}

/** Fields of wire type 0 by number; a Duration has no others. */
function readVarints(bytes: Uint8Array): ReadonlyMap<number, number> {
  const fields = new Map<number, number>();
  for (let at = 0; at < bytes.length; ) {
    const field = (bytes[at++] ?? 0) >> 3;
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    fields.set(field, value);
  }
  return fields;
}
