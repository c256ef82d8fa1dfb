import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createDashboardRouter } from './router.tsx';
import { createQueries } from './rpc/create-queries.ts';
import { rememberPlace } from './shell/came-from.ts';
import { applyTheme } from './shell/theme.ts';
import type { Session } from './shell/use-session.ts';
import './styles/tokens.css';
import './styles/base.css';

applyTheme();

const place = document.getElementById('dashboard');
if (place === null) throw new Error('index.html has no element with the id "dashboard"');

const router = createDashboardRouter();
const queries = createQueries(askToSignIn);

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

/** Whoever came in through Identity-Aware Proxy is sent there by loading the page anew. */
function askToSignIn(): void {
  const session = queries.getQueryData<Session>(['session.get.v1', {}]);
  if (session?.signedInBy === 'iap') {
    window.location.reload();
    return;
  }
  // Calls that were under way fail later: by then a link may have been opened here.
  if (window.location.pathname === '/sign-in') return;
  rememberPlace(window.location);
  void router.navigate({ to: '/sign-in' });
}
