import type { Authenticator } from '../../rpc/authenticate.ts';
import type { People } from './people.ts';
import { requireSameOrigin } from './same-origin.ts';

/**
 * Knows people as well as programs. What a browser sends by itself counts only where a page of ours asked for it: any page of the web can make
 * it send a request.
 */
export function admitPeople(programs: Authenticator, people: People, origin: string): Authenticator {
  return {
    async verify(headers) {
      const credential = people.find(headers);
      if (credential === undefined) return await programs.verify(headers);
      requireSameOrigin(headers, origin);
      return await people.identify(credential);
    },
  };
}
