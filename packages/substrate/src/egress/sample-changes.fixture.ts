import type { Change } from './change.ts';

/** For tests: a sound change, with what is given in its place. */
export function sampleChange(sequence: number, overrides: Partial<Change> = {}): Change {
  return {
    changeId: `change-${overrides.integrationId ?? 'integration-1'}-${sequence}`,
    customerId: 'customer-1',
    integrationId: 'integration-1',
    vendor: 'oneroster',
    entityType: 'user',
    recordId: `user-${sequence}`,
    sequence,
    action: 'create',
    before: null,
    after: { givenName: 'Ada', familyName: 'Lovelace' },
    runId: 'run-1',
    changedAt: '2026-03-01T02:00:00.000Z',
    ...overrides,
  };
}

/** For tests: changes 1 to `count`. */
export function sampleChanges(count: number, overrides: Partial<Change> = {}): Change[] {
  return Array.from({ length: count }, (_, index) => sampleChange(index + 1, overrides));
}
