import { generateKeyPairSync } from 'node:crypto';
import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { Seat } from '@flotilla/substrate/testing/vendor-stage';
import { type ClassroomSimulator, createClassroomSimulator } from './simulator.ts';
import { googleClassroom } from './vendor.ts';

function simulate({ clock, pageSize }: Seat) {
  return createClassroomSimulator({
    clock,
    district: { students: 2, assignments: 2 },
    longestPage: pageSize,
  });
}

const common = {
  // One list of one page style, and the parent of nearly all others.
  subject: 'course',
  folder: import.meta.dirname,
  // Each course is four requests: few of them make pages enough of these.
  pageSize: 3,
  connection: ({ connection }: ClassroomSimulator) => connection,
  collectionNames: { org: 'organizationUnits', enrollment: 'members' },
  unalterable: { enrollment: 'Google says that somebody is in a course, and nothing else' },
} as const;

/** Of the right form, and of nobody whom Google knows. */
const strangeKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

describeVendor(googleClassroom, simulate, {
  ...common,
  variant: 'as a service account that acts for an administrator',
  credential: ({ credential }) => credential,
  refusedCredential: ({ credential }) => ({ ...credential, private_key: strangeKey }),
});

describeVendor(googleClassroom, simulate, {
  ...common,
  variant: "with an administrator's consent",
  credential: ({ person }) => person,
  refusedCredential: ({ person }) => ({ ...person, refresh_token: '1//0gThat-was-revoked' }),
  topics: ['credentials', 'secrets'],
});
