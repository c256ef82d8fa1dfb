import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createDashboardRouter } from './router.tsx';
import { createQueries } from './rpc/create-queries.ts';
import { applyTheme } from './shell/theme.ts';
import './styles/tokens.css';
import './styles/base.css';

applyTheme();

const place = document.getElementById('dashboard');
if (place === null) throw new Error('index.html has no element with the id "dashboard"');

const router = createDashboardRouter();
const queries = createQueries(() => void router.navigate({ to: '/sign-in' }));

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
