import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router';
import { LoadFailure } from './parts/load-failure.tsx';
import { Frame } from './shell/frame.tsx';
import { NoSuchPage } from './shell/no-such-page.tsx';

/**
 * All pages and what their addresses say. A page's code is loaded when it is opened; its filters stand in the address, so that a view can be
 * sent to a colleague.
 */
const root = createRootRoute({ component: Frame });

const fleet = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/fleet/fleet-page.tsx'), 'FleetPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const night = createRoute({
  getParentRoute: () => root,
  path: '/nights/$night',
  validateSearch: pick('after', 'state'),
  component: lazyRouteComponent(() => import('./pages/night/night-page.tsx'), 'NightPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: pick('kind', 'queue'),
  component: lazyRouteComponent(
    () => import('./pages/dead-letters/dead-letters-page.tsx'),
    'DeadLettersPage',
  ),
});

const fleetAudit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: pick('actor', 'action', 'since', 'until', 'after'),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'FleetAuditPage'),
});

const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: pick('after', 'add'),
  component: lazyRouteComponent(() => import('./pages/customers/customers-page.tsx'), 'CustomersPage'),
});

const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./pages/customer/customer-page.tsx'), 'CustomerPage'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/connect',
  validateSearch: pick('vendor', 'integrationId'),
  component: lazyRouteComponent(() => import('./pages/connect/connect-page.tsx'), 'ConnectPage'),
});

const integration = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/integrations/$integrationId',
  component: lazyRouteComponent(() => import('./pages/integration/integration-page.tsx'), 'IntegrationPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/integrations/$integrationId/settings',
  validateSearch: pick('entityType'),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const records = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/integrations/$integrationId/records/$entityType',
  validateSearch: pick('only', 'search', 'after'),
  component: lazyRouteComponent(() => import('./pages/records/records-page.tsx'), 'RecordsPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId',
  validateSearch: pick('after'),
  component: lazyRouteComponent(() => import('./pages/record/record-page.tsx'), 'RecordPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/runs',
  validateSearch: pick('integrationId', 'state', 'context', 'since', 'until', 'after'),
  component: lazyRouteComponent(() => import('./pages/runs/runs-page.tsx'), 'RunsPage'),
});

const report = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/runs/$runId',
  validateSearch: pick('entityType', 'action', 'after'),
  component: lazyRouteComponent(() => import('./pages/report/report-page.tsx'), 'ReportPage'),
});

const plan = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/runs/$runId/plan',
  validateSearch: pick('entityType', 'direction', 'action', 'search', 'after'),
  component: lazyRouteComponent(() => import('./pages/plan/plan-page.tsx'), 'PlanPage'),
});

const conflicts = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/conflicts',
  validateSearch: pick('integrationId', 'entityType', 'recordId', 'state', 'runId', 'after'),
  component: lazyRouteComponent(() => import('./pages/conflicts/conflicts-page.tsx'), 'ConflictsPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId/audit',
  validateSearch: pick('actor', 'action', 'since', 'until', 'after'),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const routeTree = root.addChildren([
  fleet,
  signIn,
  night,
  deadLetters,
  fleetAudit,
  customers,
  customer,
  connect,
  integration,
  settings,
  records,
  record,
  runs,
  report,
  plan,
  conflicts,
  audit,
]);

export function createDashboardRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultNotFoundComponent: NoSuchPage,
    defaultErrorComponent: ({ error, reset }) => <LoadFailure error={error} onRetry={reset} />,
    // Plain `?state=failed`: the library's own form puts texts that look like numbers in quotes.
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
  });
}

/** The named members of an address's search that hold something; all else is dropped. */
function pick<const Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): { [Each in Name]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) =>
        typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [],
      ),
    ) as { [Each in Name]?: string | undefined };
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
