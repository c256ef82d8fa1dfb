/** Where the pages of one customer are. */
export interface PagePlaces {
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: string;
  /** Of a run that ended well, of one that is held, of one that failed. */
  readonly runId: string;
  readonly heldRunId: string;
  readonly failedRunId: string;
  readonly entityType: string;
  readonly recordId: string;
  /** YYYY-MM-DD */
  readonly night: string;
}

export interface PlacedPage {
  readonly name: string;
  /** As router.tsx has it. */
  readonly route: string;
  readonly path: string;
}

/** Every page of the dashboard, in the order in which people meet them. */
export function placePages(places: PagePlaces): readonly PlacedPage[] {
  const { customerId, integrationId, vendor, runId, heldRunId, failedRunId, entityType, recordId, night } =
    places;
  const ofCustomer = '/customers/$customerId';
  const ofIntegration = `${ofCustomer}/integrations/$integrationId`;
  const customer = `/customers/${customerId}`;
  const integration = `${customer}/integrations/${integrationId}`;
  return [
    { name: 'sign-in', route: '/sign-in', path: '/sign-in' },
    { name: 'fleet', route: '/', path: '/' },
    { name: 'night', route: '/nights/$night', path: `/nights/${night}` },
    { name: 'customers', route: '/customers', path: '/customers' },
    { name: 'customer', route: ofCustomer, path: customer },
    { name: 'connect', route: `${ofCustomer}/connect`, path: `${customer}/connect?vendor=${vendor}` },
    { name: 'integration', route: ofIntegration, path: integration },
    { name: 'settings', route: `${ofIntegration}/settings`, path: `${integration}/settings` },
    {
      name: 'records',
      route: `${ofIntegration}/records/$entityType`,
      path: `${integration}/records/${entityType}`,
    },
    {
      name: 'record',
      route: `${ofIntegration}/records/$entityType/$recordId`,
      path: `${integration}/records/${entityType}/${recordId}`,
    },
    { name: 'runs', route: `${ofCustomer}/runs`, path: `${customer}/runs` },
    { name: 'report', route: `${ofCustomer}/runs/$runId`, path: `${customer}/runs/${runId}` },
    { name: 'report-failed', route: `${ofCustomer}/runs/$runId`, path: `${customer}/runs/${failedRunId}` },
    { name: 'held-run', route: `${ofCustomer}/runs/$runId`, path: `${customer}/runs/${heldRunId}` },
    { name: 'plan', route: `${ofCustomer}/runs/$runId/plan`, path: `${customer}/runs/${heldRunId}/plan` },
    { name: 'conflicts', route: `${ofCustomer}/conflicts`, path: `${customer}/conflicts` },
    { name: 'audit', route: `${ofCustomer}/audit`, path: `${customer}/audit` },
    { name: 'fleet-audit', route: '/audit', path: '/audit' },
    { name: 'dead-letters', route: '/dead-letters', path: '/dead-letters' },
  ];
}

const nowhere = placePages({
  customerId: '',
  integrationId: '',
  vendor: '',
  runId: '',
  heldRunId: '',
  failedRunId: '',
  entityType: '',
  recordId: '',
  night: '',
});

export const pageNames: readonly string[] = nowhere.map(({ name }) => name);

/** Each once. */
export const pageRoutes: readonly string[] = [...new Set(nowhere.map(({ route }) => route))];
