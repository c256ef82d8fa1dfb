import type { ReportSource } from './report-source.ts';
import { addCounts, noCounts, type RunCounts } from './run-counts.ts';

/** An entity type that is done. */
export function entityType(
  name: string,
  counts: Partial<RunCounts>,
  rest: object = {},
): ReportSource['entityTypes'][number] {
  return {
    entityType: name,
    stage: 'done',
    pages: 1,
    counts: addCounts(noCounts, counts),
    evidence: { total: counts.received ?? 0 },
    failure: null,
    plan: null,
    startedAt: '2026-01-01T02:00:00.000Z',
    finishedAt: '2026-01-01T02:00:01.500Z',
    ...rest,
  };
}

/** A night's run that went well, otherwise as said. */
export function source(
  overrides: Partial<ReportSource> = {},
  run: Partial<ReportSource['run']> = {},
): ReportSource {
  return {
    run: {
      runId: 'r1',
      customerId: 'springfield',
      integrationId: 'oneroster',
      vendor: 'oneroster',
      context: 'nightly',
      method: 'nightly.run.v1',
      state: 'succeeded',
      isDryRun: false,
      reverts: null,
      dueAt: null,
      decision: null,
      requestedAt: '2026-01-01T01:59:00.000Z',
      requestedBy: null,
      reason: null,
      startedAt: '2026-01-01T02:00:00.000Z',
      finishedAt: '2026-01-01T02:00:03.000Z',
      failure: null,
      ...run,
    },
    entityTypes: [],
    quarantined: [],
    changes: [],
    pushes: [],
    pushesUnknown: 0,
    laterSuccess: null,
    laterReverts: [],
    conflicts: [],
    planned: [],
    volatilePointers: ['/dateLastModified'],
    fieldUpdates: [],
    names: new Map(),
    dashboardUrl: null,
    ...overrides,
  };
}
