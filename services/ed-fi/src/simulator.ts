import { randomBytes } from 'node:crypto';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import type { ListRoute, Route } from '@flotilla/substrate/testing/simulator/exchange';
import { offsetPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames } from '@flotilla/substrate/testing/simulator/read-query';
import {
  clientCredentialsGrant,
  createTokenEndpoint,
} from '@flotilla/substrate/testing/simulator/token-endpoint';
import { addressOf, dataRoutes } from './simulator/data-routes.ts';
import { districtToRecords } from './simulator/district-records.ts';
import { createLedger } from './simulator/ledger.ts';
import { problemIn } from './simulator/problem.ts';
import { loadStandard, type Version, versions } from './simulator/standard.ts';
import { writeRoutes } from './simulator/write-routes.ts';

export interface EdFiSimulatorOptions extends SimulatorOptions {
  /** 7.3 has Data Standard 5.0, 6.1 has 4.0 and another shape of errors. Default 7.3. */
  readonly version?: Version;
  /** The tenant's part of the path, before `/data` and `/oauth`; default none. */
  readonly prefix?: string;
  /** A database a year, as older hosts have it: the year stands behind `/data/v3`. */
  readonly yearInPath?: boolean;
  /** Whether the host tells of changes; default yes. */
  readonly changeQueries?: boolean;
}

/** An Ed-Fi ODS/API with one district's data on this machine. Addresses exist once it listens. */
export function createEdFiSimulator(options: EdFiSimulatorOptions = {}): DistrictSimulator {
  const { version = '7.3', prefix = '', yearInPath = false, changeQueries = true } = options;
  const standard = loadStandard(version);
  const clock = options.clock ?? systemClock;
  const tokens = createBearerTokens(clock, 1800);
  const client = { id: randomBytes(10).toString('hex'), secret: randomBytes(16).toString('base64url') };
  const year = yearInPath ? '/2026' : '';
  const dataPath = `${prefix}/data/v3${year}`;
  const changesPath = `${prefix}/changeQueries/v1${year}`;
  const token = `POST ${prefix}/oauth/token`;

  return createDistrictSimulator(
    {
      collections: [...standard.resources.keys()],
      recordsOf: (district) => districtToRecords(district, standard),
      idOf: (record, resource) => addressOf(standard, record, resource),
      dateMember: '_lastModifiedDate',
      routes: ({ store, changes, now }) => {
        const ledger = createLedger(changes);
        const source = { store, ledger, standard, dataPath };
        const all = [...standard.resources.values()];
        const routes: Record<string, Route | ListRoute> = {
          [token]: createTokenEndpoint({
            tokens,
            client,
            grants: { client_credentials: clientCredentialsGrant({ scopes: [] }) },
            bodies: ['form', 'json'],
          }),
          [`GET ${prefix}/`]: ({ origin }) => ({
            status: 200,
            json: {
              version,
              informationalVersion: version,
              suite: '3',
              build: `${version}.0.0`,
              apiMode: yearInPath ? 'Year Specific' : 'Single Instance',
              dataModels: [{ name: 'Ed-Fi', version: standard.dataStandard }],
              urls: {
                dependencies: `${origin}${prefix}/metadata/data/v3${year}/dependencies`,
                openApiMetadata: `${origin}${prefix}/metadata${year}`,
                oauth: `${origin}${prefix}/oauth/token`,
                dataManagementApi: `${origin}${dataPath}/`,
                xsdMetadata: `${origin}${prefix}/metadata${year}/xsd`,
                ...(changeQueries ? { changeQueries: `${origin}${changesPath}/` } : {}),
              },
            },
          }),
          [`GET ${prefix}/metadata/data/v3${year}/dependencies`]: () => ({
            status: 200,
            json: all
              .toSorted((a, b) => a.order - b.order)
              .map(({ name, order }) => ({
                resource: `/ed-fi/${name}`,
                order,
                operations: ['Create', 'Update'],
              })),
          }),
        };
        if (changeQueries) {
          routes[`GET ${changesPath}/availableChangeVersions`] = ({ query }) =>
            checkNames(query, []) ?? {
              status: 200,
              json: { oldestChangeVersion: 0, newestChangeVersion: ledger.newest },
            };
        }
        for (const facts of all)
          Object.assign(routes, dataRoutes(source, facts), writeRoutes(source, facts, now));
        return routes;
      },
      openRoutes: [token, `GET ${prefix}/`, `GET ${prefix}/metadata/data/v3${year}/dependencies`],
      authenticate: (request) => tokens.check(request),
      expireToken: tokens.expire,
      problem: problemIn(version),
      pages: offsetPages(({ query }) => {
        const [limit, offset] = [Number(query.get('limit') ?? 25), Number(query.get('offset') ?? 0)];
        return limit >= 1 && offset >= 0 ? { limit, offset } : undefined;
      }),
      connection: (origin) => ({
        baseUrl: `${origin}${prefix}`,
        namespace: 'uri://maplevalley.example',
        ...(changeQueries ? {} : { changeQueries: false }),
      }),
      credential: () => ({ clientId: client.id, clientSecret: client.secret }),
    },
    options,
  );
}

/** For the command line: `flotilla simulate ed-fi`. */
export const simulator = defineSimulator({
  choices: {
    version: {
      describe: 'the version of the host: 7.3 with Data Standard 5, 6.1 with 4 (default: 7.3)',
      values: versions,
    },
  },
  create: (options, chosen = {}) =>
    createEdFiSimulator({ ...options, ...(chosen as Pick<EdFiSimulatorOptions, 'version'>) }),
});
