import { systemClock } from '@flotilla/substrate/clock/clock.system';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import { createAccess } from './simulator/access.ts';
import { districtToRecords } from './simulator/district-records.ts';
import { listPage, pages } from './simulator/list-page.ts';

/** Example SIS on this machine, with a made-up district: as unforgiving as the vendor's documents say that it is. */
export function createExampleSisSimulator(options: SimulatorOptions = {}): DistrictSimulator {
  const { credential, routes, ...checks } = createAccess(options.clock ?? systemClock);
  return createDistrictSimulator(
    {
      collections: ['orgs', 'users'],
      recordsOf: districtToRecords,
      dateMember: 'updatedAt',
      ...checks,
      problem: ({ status, description, headers = {} }) => ({ status, headers, json: { error: description } }),
      pages,
      routes: ({ store }) => ({
        ...routes,
        'GET /orgs': { list: (request) => listPage(request, store.list('orgs')) },
        'GET /users': { list: (request) => listPage(request, store.list('users')) },
      }),
      connection: (origin) => ({ baseUrl: origin }),
      credential: () => credential,
    },
    options,
  );
}

/** For the command line: `flotilla simulate example-sis`. */
export const simulator = defineSimulator({ create: (options) => createExampleSisSimulator(options) });
