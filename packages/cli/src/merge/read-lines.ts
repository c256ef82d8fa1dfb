const lineFeed = 0x0a;

/**
 * The lines of a stream of bytes, without their ends: an array for each piece that came, so that all of it can be answered at once.
 * Bytes, not texts: a line that is no UTF-8 can then be told from one that is.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  // The pieces of a line that has not ended yet; joined once, since one line may hold a whole set.
  let begun: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      begun.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(begun));
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [Buffer.concat(begun)];
}
