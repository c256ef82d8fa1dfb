import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import { strangeCredential } from './simulator/access.ts';
import { createExampleSisSimulator } from './simulator.ts';
import { exampleSis } from './vendor.ts';

const small = { students: 5, assignments: 0, attendance: 0, assessmentResults: 0 };

describeVendor(exampleSis, ({ clock }) => createExampleSisSimulator({ clock, district: small }), {
  folder: import.meta.dirname,
  connection: ({ connection }) => connection,
  credential: ({ credential }) => credential,
  refusedCredential: () => strangeCredential,
  collectionNames: { org: 'orgs', user: 'users' },
});
