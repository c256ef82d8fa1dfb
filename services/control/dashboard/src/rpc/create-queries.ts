import { isFailure } from '@flotilla/substrate/failure';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

/** What pages read is kept for moments only: whoever comes back to a page sees what is true now, after what was true before. */
export function createQueries(onSignedOut: () => void): QueryClient {
  const onError = (thrown: unknown) => {
    if (isFailure(thrown, 'unauthenticated')) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // A fleet on this machine answers without any network, of which alone browsers know; and what a person did hours ago must not begin late.
        networkMode: 'always',
        staleTime: 1_000,
        // What control refuses once, it refuses again; only silence is worth another try.
        retry: (count, thrown) => count < 2 && isFailure(thrown, 'unavailable'),
      },
      mutations: { networkMode: 'always' },
    },
  });
}
