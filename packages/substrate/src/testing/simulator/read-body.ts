import type { IncomingMessage } from 'node:http';

/** The request's body as text, or undefined where it is longer than the limit (the rest is read and dropped). */
export async function readBody(message: IncomingMessage, maximumBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maximumBytes) chunks.push(chunk);
  }
  return length > maximumBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
