import { isFailure } from '@flotilla/substrate/failure';
import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Callout } from '../../parts/callout.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { call, signIn } from '../../rpc/call.ts';
import { takePlace } from '../../shell/came-from.ts';
import { Page } from '../../shell/page.tsx';

/** Takes the one-time code from the address, which no server sees after `#`, and changes it for a session; else says how to get one. */
export function SignInPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  // Of the router: a link that is opened in a tab that shows this page already changes nothing else.
  const code = useLocation({ select: ({ hash }) => hash });
  const [error, setError] = useState<unknown>();
  const begun = useRef('');

  useEffect(() => {
    // Once: the code is worth nothing afterwards.
    if (code === '' || begun.current === code) return;
    begun.current = code;
    setError(undefined);
    enter(code).then(() => {
      queries.clear();
      void navigate({ href: takePlace(), replace: true });
    }, setError);
  }, [code, navigate, queries]);

  return (
    <Page title="Sign in">
      {code !== '' && error === undefined ? <p role="status">Signing in …</p> : null}
      {error === undefined ? null : <LoadFailure error={error} />}
      {code !== '' && error === undefined ? null : (
        <Callout tone="calm" title="This dashboard is opened by a link that works once">
          <p>On the machine where the fleet runs, in its folder:</p>
          <pre>npm run --silent flotilla -- open</pre>
          <p>
            The link holds for five minutes. <code>--role viewer</code> makes one for somebody who may look
            and change nothing.
          </p>
          <p>Where the fleet runs in Google Cloud, load this page again: your organisation signs you in.</p>
        </Callout>
      )}
    </Page>
  );
}

/** A link that is used up is no matter to somebody who is in already: it is opened anew from a history, or by a browser that restores its tabs. */
async function enter(code: string): Promise<void> {
  try {
    await signIn(code);
  } catch (refused) {
    if (!isFailure(refused, 'unauthenticated')) throw refused;
    try {
      await call('session.get.v1', {});
    } catch {
      throw refused;
    }
  }
}
