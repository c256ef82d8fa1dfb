import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { IdTokens } from './id-tokens.ts';

export interface PushRelay {
  /** Where the public keys of `idTokens` are read, as Google shows its own. */
  readonly certificatesUrl: string;
  /** Subscriptions push to this, followed by the endpoint that is meant, percent-encoded. */
  readonly pushTo: string;
  /** Messages that came through, each once however often it was pushed. */
  readonly messages: number;
  close(): Promise<void>;
}

/**
 * The part of Pub/Sub that its emulator lacks: it pushes without a token. Pushes go through here, and get the ID token of `account` for the
 * origin of their endpoint (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
 */
export async function startPushRelay(
  idTokens: IdTokens,
  account: string,
  /** 0: a free one. */
  port = 0,
): Promise<PushRelay> {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    if (request.url === '/certificates') {
      response
        .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' })
        .end(JSON.stringify(idTokens.certificates));
    } else {
      relay(request, response).catch(() => response.destroy());
    }
  });

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = new URL(decodeURIComponent(request.url?.replace(/^\/push\//, '') ?? ''));
    const body = await buffer(request);
    const { message } = JSON.parse(body.toString()) as { readonly message: { readonly messageId: string } };
    seen.add(message.messageId);
    const token = idTokens.tokenFor({ email: account, audience: endpoint.origin });
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: new Uint8Array(body),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    certificatesUrl: `${url}/certificates`,
    pushTo: `${url}/push/`,
    get messages() {
      return seen.size;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
