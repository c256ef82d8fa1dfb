import type { ServerResponse } from 'node:http';
import type { SimulatedResponse } from './exchange.ts';

export interface SendOptions {
  /** The request was a HEAD: headers as for a GET, no body. */
  readonly head: boolean;
  /** Half of the body, framed as if it were all. */
  readonly truncate?: boolean;
  /** Half of the body under the full length, then the connection is destroyed; of an answer without a body, all of it is lost. */
  readonly cut?: boolean;
  readonly contentType?: string;
}

/** Writes a response; resolves when its last byte was handed to the socket or the socket is gone. */
export async function sendResponse(
  out: ServerResponse,
  response: SimulatedResponse,
  options: SendOptions,
): Promise<void> {
  const body = bodyOf(response);
  const headers: Record<string, string> = { ...response.headers };
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !named)
    headers['Content-Type'] = response.text === undefined ? 'application/json' : 'text/plain';
  if (options.contentType !== undefined) replaceHeader(headers, 'Content-Type', options.contentType);
  const bytes = Buffer.from(body ?? '', 'utf8');
  const kept =
    options.truncate === true || options.cut === true ? bytes.subarray(0, bytes.length >> 1) : bytes;
  if (options.cut === true && bytes.length === 0) {
    // There is no half of nothing: the whole answer is lost.
    out.destroy();
    return;
  }
  if (response.status !== 204)
    headers['Content-Length'] = String((options.cut === true ? bytes : kept).length);
  out.writeHead(response.status, headers);
  if (options.cut === true) {
    await new Promise<void>((resolve) => out.write(kept, () => resolve()));
    out.destroy();
    return;
  }
  await new Promise<void>((resolve) => {
    out.on('close', resolve);
    out.end(options.head ? undefined : kept, resolve);
  });
}

function bodyOf(response: SimulatedResponse): string | undefined {
  if (response.page !== undefined) return JSON.stringify(response.page.wrap(response.page.records));
  if (response.json !== undefined) return JSON.stringify(response.json);
  return response.text;
}

function replaceHeader(headers: Record<string, string>, name: string, value: string): void {
  for (const key of Object.keys(headers)) if (key.toLowerCase() === name.toLowerCase()) delete headers[key];
  headers[name] = value;
}
