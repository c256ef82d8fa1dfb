import { traceHeaders } from '../observability/tracing.ts';
import type { PostToPeer } from './create-peers.ts';

export interface PeerHttpOptions {
  /** Fails with `config_invalid` for a service that is not deployed. */
  readonly serviceUrl: (service: string) => string;
  /** What shows the service of this origin who we are. */
  readonly tokenFor: (origin: string) => Promise<string>;
}

/** Over HTTP, to the door of a peer. */
export function createPostToPeer({ serviceUrl, tokenFor }: PeerHttpOptions): PostToPeer {
  return async (service, request, signal) => {
    const origin = serviceUrl(service);
    const authorization = `Bearer ${await tokenFor(origin)}`;
    const response = await fetch(`${origin}/rpc`, {
      method: 'POST',
      headers: { ...traceHeaders(), authorization, 'content-type': 'application/json' },
      body: JSON.stringify(request),
      // It would carry our token elsewhere.
      redirect: 'error',
      signal,
    });
    return { status: response.status, text: await response.text() };
  };
}
