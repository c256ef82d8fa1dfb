import { addCounts, type RunCounts } from '../report/run-counts.ts';
import type { RecordedChange } from './changes.ts';
import type { StoredConflict } from './conflicts.ts';
import type { Run, RunEntityType } from './runs.ts';

export const owner = { customerId: 'springfield', integrationId: 'first' };
export const scope = { ...owner, entityType: 'user' };

/** So many seconds into 2026. */
export function moment(second: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
}

export function change(own: Partial<RecordedChange> & Pick<RecordedChange, 'sequence'>): RecordedChange {
  const changeId = `change-${own.integrationId ?? ''}-${own.sequence}`;
  return {
    ...scope,
    recordId: 'u1',
    changeId,
    vendor: 'oneroster',
    action: 'update',
    before: {},
    after: {},
    rules: null,
    runId: 'r',
    changedAt: moment(own.sequence),
    ...own,
  };
}

export function run(own: Pick<Run, 'runId' | 'state' | 'integrationId' | 'requestedAt'>): Run {
  return {
    customerId: 'springfield',
    vendor: 'oneroster',
    context: 'nightly',
    method: 'rosters.sync.v1',
    entityTypes: [],
    recordIds: [],
    isDryRun: false,
    reverts: null,
    night: null,
    slice: 0,
    openSince: null,
    leaseToken: null,
    dueAt: null,
    startedAt: null,
    finishedAt: null,
    firstSequence: null,
    lastSequence: null,
    failure: null,
    feedCursor: null,
    feedFrom: null,
    queue: null,
    isFull: false,
    heldSince: null,
    decision: null,
    noticeDueAt: null,
    requestedBy: null,
    reason: null,
    ...own,
  };
}

export function progress(runId: string, entityType: string, counts: Partial<RunCounts>): RunEntityType {
  return {
    customerId: 'springfield',
    runId,
    entityType,
    stage: 'done',
    window: null,
    cursor: null,
    pages: 1,
    restarts: [],
    evidence: null,
    position: null,
    counts: addCounts(counts),
    stored: 0,
    plan: null,
    schools: {},
    fieldUpdates: {},
    batch: null,
    joins: {},
    failure: null,
    startedAt: moment(1),
    finishedAt: null,
  };
}

export function conflict(recordId: string, conflictId: string, second: number | null): StoredConflict {
  return {
    ...scope,
    recordId,
    conflictId,
    pointer: '/email',
    kind: 'modify/modify',
    sides: {},
    inputs: 'i',
    rule: 'manual (default)',
    state: second === null ? 'obsolete' : 'open',
    decision: null,
    runId: 'r',
    foundAt: moment(second ?? 0),
    openSince: second === null ? null : moment(second),
    endedByRunId: null,
    endedAt: null,
    version: 1,
  };
}
