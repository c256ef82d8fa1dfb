import type { GoogleAuth, IdTokenClient } from 'google-auth-library';
import { Failure } from '../failure/failure.ts';
import { createPeers, type PeersOptions } from './create-peers.ts';
import type { Peers } from './peers.ts';
import { createPostToPeer, type PeerHttpOptions } from './post-to-peer.ts';

export type GooglePeersOptions = Pick<PeersOptions, 'clock'> & Pick<PeerHttpOptions, 'serviceUrl'>;

/**
 * Shows who we are by Google's ID tokens of the service's own account, each meant for one service and kept until shortly before its end. The
 * metadata server gives them, with the account's address (`format=full`,
 * https://cloud.google.com/compute/docs/instances/verifying-instance-identity); `infra/` puts the account among the callers.
 */
export function createGooglePeers({ serviceUrl, clock }: GooglePeersOptions): Peers {
  const clients = new Map<string, Promise<IdTokenClient>>();
  let opening: Promise<GoogleAuth> | undefined;

  async function openClient(origin: string): Promise<IdTokenClient> {
    opening ??= import('google-auth-library').then((library) => new library.GoogleAuth());
    return (await opening).getIdTokenClient(origin);
  }

  async function tokenFor(origin: string): Promise<string> {
    let client = clients.get(origin);
    if (client === undefined) {
      client = openClient(origin);
      clients.set(origin, client);
    }
    try {
      const headers = await (await client).getRequestHeaders();
      return (headers.get('authorization') ?? '').replace(/^Bearer /, '');
    } catch (cause) {
      clients.delete(origin);
      const reason = cause instanceof Error ? cause.message.slice(0, 300) : null;
      throw new Failure('unavailable', 'Google gives the service no token to call another one with', {
        data: { reason },
        cause,
      });
    }
  }

  return createPeers({ post: createPostToPeer({ serviceUrl, tokenFor }), clock });
}
