import { describeVendor } from './describe-vendor.ts';
import { createLedgerSchool, ledgerSchool, ledgerToken } from './ledger-school.fixture.ts';

// The suite on a vendor that shares nothing with the first one: what it proves must follow from the description, not from habits.
describeVendor(ledgerSchool, createLedgerSchool, {
  folder: import.meta.dirname,
  connection: ({ origin }) => ({ baseUrl: origin }),
  credential: () => ({ token: ledgerToken }),
  refusedCredential: () => ({ token: 'of-another-school' }),
  collectionNames: { org: 'places', user: 'people' },
  // Its description stands in one file, without the folders of a service.
  topics: ['joins', 'credentials', 'paging', 'changes', 'bad data', 'faults', 'resume', 'secrets', 'methods'],
});
