import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { bearerOf, createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import type { Route } from '@flotilla/substrate/testing/simulator/exchange';
import { offsetPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import { districtToRecords, lecture, level, longTitle } from './simulator/district-records.ts';
import { guid } from './simulator/guid.ts';
import { createNotificationQueue } from './simulator/notification-queue.ts';
import { limitOf, type ResourceOptions, resourceRoutes } from './simulator/resource-routes.ts';
import { mediaTypesOf, type ResourceName, resourceNames, resourceOf } from './simulator/resources.ts';

export interface EthosSimulatorOptions extends SimulatorOptions, Partial<ResourceOptions> {
  /** The resources whose changes come to the application's queue; default none. */
  readonly subscribed?: readonly ResourceName[];
}

/** Ethos Integration of one tenant on this machine, with one application. Addresses exist once it listens. */
export function createEthosSimulator(options: EthosSimulatorOptions = {}): DistrictSimulator {
  const { subscribed = [], largestPage = 500, largerLimit = 'capped', hasMaximum = true } = options;
  const offer = { largestPage, largerLimit, hasMaximum };
  // Without a parameter, tokens live for 5 minutes.
  const tokens = createBearerTokens(options.clock ?? systemClock, 300);
  const apiKey = randomUUID();

  const authenticate: Route = (request) => {
    if (bearerOf(request) !== apiKey)
      return {
        status: 401,
        description: 'Invalid or missing API key',
        headers: { 'WWW-Authenticate': 'Bearer' },
      };
    const refusal = checkNames(request.query, ['expirationMinutes']);
    if (refusal !== undefined) return refusal;
    const minutes = wholeNumber(request.query, 'expirationMinutes', { fallback: 5, least: 1, most: 120 });
    if (typeof minutes !== 'number') return minutes;
    const token = [12, 60, 32].map((length) => randomBytes(length).toString('base64url')).join('.');
    // The body is the token, and no JSON.
    return { status: 200, text: tokens.issue({ token, lifetimeSeconds: minutes * 60 }) };
  };

  return createDistrictSimulator<ResourceName>(
    {
      collections: resourceNames,
      recordsOf: districtToRecords,
      routes: (seat) => ({
        'POST /auth': authenticate,
        'GET /admin/available-resources': () => ({ status: 200, json: availableResources(offer) }),
        'GET /appconfig': () => ({ status: 200, json: applicationOf(subscribed) }),
        'GET /consume': createNotificationQueue(seat.changes, subscribed),
        ...resourceRoutes(seat, offer),
      }),
      openRoutes: ['POST /auth'],
      authenticate: (request) => tokens.check(request),
      expireToken: tokens.expire,
      problem: ({ status, code = 'Global.Internal.Error', description }) => ({
        status,
        headers: { 'Content-Type': 'application/vnd.hedtech.integration.errors.v2+json' },
        json: { errors: [{ code, description: 'The request was refused.', message: description }] },
      }),
      pages: offsetPages((request) => {
        const limit = limitOf(request, offer);
        const offset = Number(request.query.get('offset') ?? 0);
        return typeof limit === 'number' && offset >= 0 ? { limit, offset } : undefined;
      }),
      connection: (origin) => ({
        baseUrl: origin,
        ...(subscribed.length === 0 ? {} : { changeNotifications: [...subscribed] }),
        academicLevel: level,
        sectionTitleType: longTitle,
        instructionalMethod: lecture,
      }),
      credential: () => ({ apiKey }),
    },
    options,
  );
}

/** What each of the tenant's applications offers, and in which versions. */
function availableResources({ hasMaximum }: ResourceOptions): JsonObject[] {
  const resources = resourceNames.map((name) => {
    const { methods, filters } = resourceOf(name);
    const { own, maximum } = mediaTypesOf(name, hasMaximum);
    const describe = (mediaTypes: readonly string[], taken: readonly string[]) =>
      mediaTypes.map((mediaType) => ({
        'X-Media-Type': mediaType,
        methods: [...taken],
        filters: [...filters],
        version: /v\d[\d.]*/.exec(mediaType)?.[0] ?? '',
      }));
    const plain = { 'X-Media-Type': 'application/json', methods: [...methods], filters: [...filters] };
    return { name, representations: [...describe(own, methods), ...describe(maximum, ['get']), plain] };
  });
  return [
    { id: guid('applications', 'erp'), name: 'Banner Student API', about: [], resources },
    { id: guid('applications', 'flotilla'), name: 'Flotilla', about: [], resources: [] },
  ];
}

function applicationOf(subscribed: readonly ResourceName[]): JsonObject {
  return {
    id: guid('applications', 'flotilla'),
    name: 'Flotilla',
    subscriptions: subscribed.map((resourceName) => ({ resourceName })),
    ownerOverrides: [],
  };
}

/** For the command line: `flotilla simulate ellucian-ethos`. */
export const simulator = defineSimulator({
  choices: {
    subscribe: {
      describe: 'a resource whose changes come to the queue (default: none)',
      values: resourceNames,
      isRepeatable: true,
    },
    'larger-limit': {
      describe: 'what becomes of a limit above the maximum (default: capped)',
      values: ['capped', 'refused'],
    },
    'sections-maximum': {
      describe: 'whether the ERP has the maximum representation of sections (default: yes)',
      values: ['yes', 'no'],
    },
  },
  create: (options, { subscribe = [], ...chosen } = {}) =>
    createEthosSimulator({
      ...options,
      subscribed: [subscribe].flat() as readonly ResourceName[],
      hasMaximum: chosen['sections-maximum'] !== 'no',
      ...(chosen['larger-limit'] === 'refused' ? { largerLimit: 'refused' } : {}),
    }),
});
