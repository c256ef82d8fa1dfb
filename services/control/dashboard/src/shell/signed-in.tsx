import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { signOut } from '../rpc/call.ts';
import { notify } from './notices.tsx';
import { useSession } from './use-session.ts';

export function SignedIn() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();

  async function leave(): Promise<void> {
    try {
      await signOut();
    } catch (thrown) {
      notify(`You are still signed in. ${thrown instanceof Error ? thrown.message : 'Try again'}`);
      return;
    }
    queries.clear();
    await navigate({ to: '/sign-in' });
  }

  if (session === undefined) return null;
  const { name, role, signedInBy } = session;
  return (
    <>
      <span>
        {name} <span title="What you may do here">({role})</span>
      </span>
      {signedInBy === 'link' ? (
        <Button kind="quiet" onClick={() => void leave()}>
          Sign out
        </Button>
      ) : null}
    </>
  );
}
