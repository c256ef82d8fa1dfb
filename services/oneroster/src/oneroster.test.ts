import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import type { Seat } from '@flotilla/substrate/testing/vendor-stage';
import {
  createOneRosterSimulator,
  type OneRosterSimulator,
  type OneRosterSimulatorOptions,
} from './simulator.ts';
import { oneroster } from './vendor.ts';

function simulate(options: OneRosterSimulatorOptions) {
  return ({ clock }: Seat) =>
    createOneRosterSimulator({
      clock,
      district: { students: 6, coursesPerGrade: 2, assignments: 6 },
      ...options,
    });
}

function credentialFor(signatureMethod: 'HMAC-SHA1' | 'HMAC-SHA256' = 'HMAC-SHA256') {
  return ({ credentials }: OneRosterSimulator) => {
    if (credentials.kind === 'oauth2') {
      const { clientId, clientSecret } = credentials;
      return { type: 'oauth2', clientId, clientSecret };
    }
    const { consumerKey, consumerSecret } = credentials;
    return { type: 'oauth1', consumerKey, consumerSecret, signatureMethod };
  };
}

const common = {
  folder: import.meta.dirname,
  marksDeletions: true,
  connection: ({ baseUrl, version }: OneRosterSimulator) => ({ baseUrl, version }),
  credential: credentialFor(),
  refusedCredential: (simulator: OneRosterSimulator) => {
    const credential = credentialFor()(simulator);
    const wrong = 'not-the-secret-of-this-client';
    return credential.type === 'oauth2'
      ? { ...credential, clientSecret: wrong }
      : { ...credential, consumerSecret: wrong };
  },
};

describeVendor(oneroster, simulate({ version: '1.2' }), { ...common, variant: '1.2 with OAuth 2' });

describeVendor(
  oneroster,
  simulate({ version: '1.1', auth: 'oauth1', prefix: '/sis', signatureMethods: ['HMAC-SHA256'] }),
  {
    ...common,
    variant: '1.1 with OAuth 1, HMAC-SHA256',
    topics: ['description', 'credentials', 'changes', 'secrets'],
  },
);

describeVendor(oneroster, simulate({ version: '1.1', auth: 'oauth1', signatureMethods: ['HMAC-SHA1'] }), {
  ...common,
  variant: '1.1 with OAuth 1, HMAC-SHA1',
  credential: credentialFor('HMAC-SHA1'),
  topics: ['credentials', 'secrets'],
});

describeVendor(oneroster, simulate({ version: '1.1', auth: 'oauth2' }), {
  ...common,
  variant: '1.1 with OAuth 2',
  topics: ['credentials', 'changes'],
});
