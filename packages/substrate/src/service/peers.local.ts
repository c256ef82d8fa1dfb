import { deriveToken } from './authenticate.local.ts';
import { createPeers, type PeersOptions } from './create-peers.ts';
import type { Peers } from './peers.ts';
import { createPostToPeer, type PeerHttpOptions } from './post-to-peer.ts';

export interface LocalPeersOptions extends Pick<PeersOptions, 'clock'>, Pick<PeerHttpOptions, 'serviceUrl'> {
  /** The fleet's own. */
  readonly token: string;
}

/** Shows who we are by a token that derives from the fleet's: whoever gets hold of it is no admin. */
export function createLocalPeers({ token, serviceUrl, clock }: LocalPeersOptions): Peers {
  const own = deriveToken(token, 'peers');
  return createPeers({ post: createPostToPeer({ serviceUrl, tokenFor: async () => own }), clock });
}
