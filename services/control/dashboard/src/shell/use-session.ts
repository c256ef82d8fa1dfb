import { useRouterState } from '@tanstack/react-router';
import type { ResultOf } from '../rpc/call.ts';
import { useCall } from '../rpc/use-call.ts';

export type Session = ResultOf<'session.get.v1'>;

/** Who looks at the page; undefined as long as that is not known. */
export function useSession(): Session | undefined {
  const isSigningIn = useRouterState({ select: ({ location }) => location.pathname === '/sign-in' });
  const { data } = useCall('session.get.v1', {}, { isWanted: !isSigningIn });
  return isSigningIn ? undefined : data;
}

/** Whether the reader may change things. What may not be done is not offered; control refuses it in any case. */
export function useMayChange(): boolean {
  return useSession()?.role === 'admin';
}
