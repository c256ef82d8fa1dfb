import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  ListRoute,
  Route,
  SimulatedRequest,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { oneOf, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import type { SealedCursors } from '@flotilla/substrate/testing/simulator/sealed-cursors';
import type { CollectionName } from './district-records.ts';
import { listPage } from './list-page.ts';
import { invalid } from './refusal.ts';
import { textOf } from './text-of.ts';

const customer = 'C03az79cb';
const views = ['basic', 'custom', 'full'] as const;

/** What of the Admin SDK's Directory is needed: the domain's accounts and its organizational units. */
export function directoryRoutes(
  { store }: SimulatorSeat<CollectionName>,
  tokens: SealedCursors,
  longestPage = 500,
): Readonly<Record<string, Route | ListRoute>> {
  function customerProblem(given: string | null): VendorProblem | undefined {
    if (given === null) return { status: 400, code: 'INVALID_ARGUMENT', description: 'Bad Request' };
    if (given === 'my_customer' || given === customer) return undefined;
    return { status: 403, description: 'Not Authorized to access this resource/api' };
  }

  function users(request: SimulatedRequest) {
    const { query } = request;
    const wrong = query.has('domain') ? undefined : customerProblem(query.get('customer'));
    if (wrong !== undefined) return wrong;
    const projection = oneOf(query, 'projection', views);
    const sortOrder = oneOf(query, 'sortOrder', ['ASCENDING', 'DESCENDING']);
    const orderBy = oneOf(query, 'orderBy', ['email', 'familyName', 'givenName']);
    const strange = [projection, sortOrder, orderBy].find((one) => typeof one === 'object');
    if (strange !== undefined) return invalid('Invalid Input');
    const size = wholeNumber(query, 'maxResults', { fallback: 100, least: 1, most: 500 });
    if (typeof size !== 'number')
      return invalid(`Invalid value '${query.get('maxResults')}'. Values must be within the range: [1, 500]`);
    const list = store
      .list('users')
      .toSorted((a, b) => (textOf(a.primaryEmail) < textOf(b.primaryEmail) ? -1 : 1));
    const beside = { kind: 'admin#directory#users' };
    return listPage(request, list, { tokens, member: 'users', beside, size: Math.min(size, longestPage) });
  }

  function orgUnits({ params, query }: SimulatedRequest) {
    const wrong = customerProblem(params.customer ?? null);
    if (wrong !== undefined) return wrong;
    const type = oneOf(query, 'type', ['all', 'children', 'allIncludingParent']);
    if (typeof type === 'object') return invalid('Invalid Input: type');
    const above = `/${(query.get('orgUnitPath') ?? '').replace(/^\/+/, '')}`;
    const units = store.list('organizationUnits').filter(({ orgUnitPath, parentOrgUnitPath }) => {
      const path = textOf(orgUnitPath);
      if (path === above) return type === 'allIncludingParent';
      if (type === undefined || type === 'children') return parentOrgUnitPath === above;
      return path.startsWith(above === '/' ? above : `${above}/`);
    });
    const kind = 'admin#directory#orgUnits';
    return {
      status: 200,
      page: {
        records: units,
        wrap: (records: readonly (typeof units)[number][] | readonly unknown[]) => ({
          kind,
          ...(records.length === 0 ? {} : { organizationUnits: [...records] as JsonObject[] }),
        }),
      },
    };
  }

  return {
    'GET /admin/directory/v1/users': { list: users },
    'GET /admin/directory/v1/users/:userKey': ({ params: { userKey = '' } }) => {
      const user = store.get('users', userKey) ?? store.where('users', 'primaryEmail', userKey)[0];
      return user === undefined
        ? { status: 404, description: `Resource Not Found: userKey` }
        : { status: 200, json: user };
    },
    'GET /admin/directory/v1/customer/:customer/orgunits': { list: orgUnits },
  };
}
