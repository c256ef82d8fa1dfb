/** Pure. Bytes that stand for exactly one list of texts and byte strings: each part is led by its kind and length, the list by its count. */
export function bindParts(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const chunks: Uint8Array[] = [uint32(parts.length)];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8.encode(part) : part;
    chunks.push(Uint8Array.of(typeof part === 'string' ? 0x73 : 0x62), uint32(bytes.length), bytes);
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextEncoder();

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
