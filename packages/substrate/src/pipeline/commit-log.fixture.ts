import type { JsonValue } from '../json/json-value.ts';
import { type Lease, leases } from '../store/leases.ts';
import type { Store, StoreTransaction } from '../store/schema.ts';
import type { RunWorker } from './parts.ts';

/** A commit that went through, with the lease as it left it. */
interface LoggedCommit {
  readonly worker: string;
  readonly token: number;
  readonly runId: string | null;
  readonly lastSequence: number;
  /** Places in the order of all beginnings and ends of commits, of all workers. */
  readonly begun: number;
  readonly ended: number;
}

export interface CommitLog {
  readonly commits: readonly LoggedCommit[];
  /** The worker with its commits written down; `pause` comes before and after each, and before each request to the vendor. */
  watch(worker: RunWorker, name: string, pause: () => Promise<void>): RunWorker;
  /** What is not as it should be: nothing where no two workers' writes interleave. */
  faults(): readonly JsonValue[];
}

export function createCommitLog(): CommitLog {
  const commits: LoggedCommit[] = [];
  let moments = 0;

  function watch(worker: RunWorker, name: string, pause: () => Promise<void>): RunWorker {
    const transaction: Store['transaction'] = async (body) => {
      await pause();
      const begun = ++moments;
      let lease: Lease | undefined;
      const result = await worker.store.transaction(async (inner) => {
        lease = undefined;
        const upsert: StoreTransaction['upsert'] = (table, rows) => {
          if ((table as unknown) === leases) lease = rows as unknown as Lease;
          inner.upsert(table, rows);
        };
        return await body({ ...inner, upsert });
      });
      if (lease !== undefined) {
        const { token, runId, lastSequence } = lease;
        commits.push({ worker: name, token, runId, lastSequence, begun, ended: ++moments });
      }
      await pause();
      return result;
    };
    return {
      ...worker,
      store: { ...worker.store, transaction },
      openClient: (options) => {
        const client = worker.openClient(options);
        return {
          ...client,
          fetchPage: async (request) => pause().then(() => client.fetchPage(request)),
          request: async (request) => pause().then(() => client.request(request)),
        };
      },
    };
  }

  function faults(): readonly JsonValue[] {
    const found: JsonValue[] = [];
    const inOrder = commits.toSorted((a, b) => a.token - b.token || a.begun - b.begun);
    inOrder.forEach((commit, index) => {
      const before = inOrder[index - 1];
      if (before === undefined) return;
      const both = JSON.stringify([before, commit]);
      if (before.lastSequence > commit.lastSequence) found.push(`numbers out of order: ${both}`);
      if (before.token === commit.token && before.worker !== commit.worker)
        found.push(`two workers under one token: ${both}`);
    });
    for (const taken of inOrder.filter((one, index) => one.token !== inOrder[index - 1]?.token)) {
      const late = commits.filter(({ token, begun }) => token < taken.token && begun > taken.ended);
      for (const commit of late)
        found.push(`committed after it was overtaken: ${JSON.stringify([taken, commit])}`);
    }
    return found;
  }

  return { commits, watch, faults };
}
