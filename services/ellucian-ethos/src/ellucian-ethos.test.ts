import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { DistrictSimulator } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type { Seat } from '@flotilla/substrate/testing/vendor-stage';
import { resourceNames } from './simulator/resources.ts';
import { createEthosSimulator, type EthosSimulatorOptions } from './simulator.ts';
import { ellucianEthos } from './vendor.ts';

const common = {
  folder: import.meta.dirname,
  // Persons say everything in lists, and conformance changes plain members.
  subject: 'class',
  connection: (simulator: DistrictSimulator) => simulator.connection,
  credential: (simulator: DistrictSimulator) => simulator.credential,
  refusedCredential: () => ({ apiKey: '11111111-2222-4333-8444-555555555555' }),
  collectionNames: {
    org: 'educational-institutions',
    academicSession: 'academic-periods',
    course: 'courses',
    class: 'sections',
    user: 'persons',
    enrollment: 'section-registrations',
    demographics: 'persons',
    lineItem: 'sections',
    result: 'student-transcript-grades',
  },
} as const;

function simulate(options: EthosSimulatorOptions) {
  return ({ clock }: Seat) =>
    createEthosSimulator({
      clock,
      district: { students: 8, coursesPerGrade: 2, assignments: 6 },
      ...options,
    });
}

describeVendor(ellucianEthos, simulate({ hasMaximum: false }), common);

describeVendor(ellucianEthos, simulate({}), {
  ...common,
  variant: 'sections in the maximum representation',
  topics: ['description', 'credentials', 'bad data'],
});

describeVendor(ellucianEthos, simulate({ hasMaximum: false, subscribed: resourceNames }), {
  ...common,
  variant: 'with change notifications',
  topics: ['deltas'],
});
