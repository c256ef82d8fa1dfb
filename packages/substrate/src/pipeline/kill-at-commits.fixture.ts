import { expect } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { readChanges } from '../store/changes.ts';
import { putCredential, putIntegration } from '../store/integrations.ts';
import { joined } from '../store/joined.ts';
import { pages } from '../store/pages.ts';
import { queuePages } from '../store/queue-pages.ts';
import { records } from '../store/records.ts';
import { readRun, readRunEntityTypes } from '../store/runs.ts';
import type { Store } from '../store/schema.ts';
import { stagedRecords } from '../store/staged-records.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { type PaperSchool, paperCredential, paperSchool } from './paper-school.fixture.ts';
import type { RunWorker } from './parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from './pipeline.fixture.ts';
import { startRun } from './run/start-run.ts';

export interface Nights {
  readonly vendor: Vendor;
  /** What happens at the vendor before each night; the process is killed in the last one. */
  readonly before: readonly ((data: PaperSchool['data']) => void)[];
  /** What the vendor is like in the last night. */
  readonly openClient?: (openClient: RunWorker['openClient']) => RunWorker['openClient'];
}

type State = Awaited<ReturnType<typeof readState>>;

/**
 * Lives through the nights once undisturbed, then once for each commit of the last night, in which the process is killed just before it or
 * right after. Asserts that all ends are the same, and answers how it ends.
 */
export async function killAtEachCommit({ vendor, before, openClient }: Nights): Promise<State> {
  const clock = createManualClock();
  const fixture = await createPipelineFixture({ vendor, clock });
  try {
    const initial = structuredClone(fixture.school.data);

    async function live(
      integrationId: string,
      death: { commit: number; moment: 'before' | 'after' } | undefined,
    ) {
      Object.assign(fixture.school.data, structuredClone(initial));
      await connect(fixture, integrationId);
      let killed = killAt(fixture.worker.store, undefined);
      let runId = '';
      for (const [night, edit] of before.entries()) {
        edit(fixture.school.data);
        await clock.advance(1_000);
        const isLast = night === before.length - 1;
        killed = killAt(fixture.worker.store, isLast ? death : undefined);
        const worker =
          openClient !== undefined && isLast
            ? { ...fixture.worker, openClient: openClient(fixture.worker.openClient) }
            : fixture.worker;
        ({ runId } = await startRun(fixture.worker, {
          customerId: owner.customerId,
          integrationId,
          context: 'nightly',
          method: 'sync.v1',
          entityTypes: [],
        }));
        await workToTheEnd(fixture, runId, worker, killed.store);
      }
      return { state: await readState(fixture, integrationId, runId), commits: killed.commits() };
    }

    const undisturbed = await live('undisturbed', undefined);
    for (let commit = 1; commit <= undisturbed.commits; commit++) {
      for (const moment of ['before', 'after'] as const) {
        const { state } = await live(`${moment}-${commit}`, { commit, moment });
        expect(state, `killed ${moment} commit ${commit}`).toEqual(undisturbed.state);
      }
    }
    return undisturbed.state;
  } finally {
    await fixture.close();
  }
}

async function connect({ platform, school }: PipelineFixture, integrationId: string): Promise<void> {
  const { customerId } = owner;
  const connection = { baseUrl: school.origin };
  await platform.store.transaction(async (transaction) =>
    putIntegration(
      transaction,
      { customerId, integrationId, vendor: paperSchool.id, state: 'active', connection, settings: {} },
      true,
    ),
  );
  await platform.vault.prepare({ customerId, integrationId });
  await platform.store.transaction(async (transaction) =>
    putCredential(transaction, customerId, integrationId, paperCredential),
  );
}

async function workToTheEnd(
  fixture: PipelineFixture,
  runId: string,
  worker: RunWorker,
  store: Store,
): Promise<void> {
  for (let deliveries = 0; deliveries < 20; deliveries++) {
    try {
      // Who is killed does nothing more; another process, whose store works, takes over.
      const isFirst = deliveries === 0;
      await fixture.deliver(
        runId,
        isFirst ? { worker: { ...worker, store } } : { worker, retryCount: deliveries % 2 },
      );
    } catch (thrown) {
      if (thrown !== killed) throw thrown;
    }
    if ((await fixture.outcome(runId)).run.finishedAt !== null) return;
  }
  throw new Error(`no end in sight: ${fixture.logged.slice(-3).join('\n')}`);
}

const killed = new Failure('unavailable', 'Killed by the test');

function killAt(store: Store, death: { commit: number; moment: 'before' | 'after' } | undefined) {
  let count = 0;
  let isDead = false;
  const mortal: Store = {
    ...store,
    async transaction(body) {
      if (isDead) throw killed;
      count += 1;
      isDead = count === death?.commit;
      if (isDead && death?.moment === 'before') throw killed;
      const result = await store.transaction(body);
      if (isDead) throw killed;
      return result;
    },
  };
  return { store: mortal, commits: () => count };
}

/** Everything that must not depend on where a process died. */
async function readState({ platform: { store } }: PipelineFixture, integrationId: string, runId: string) {
  const { customerId } = owner;
  const run = await readRun(store, customerId, runId);
  const changes = await readChanges(store, { customerId, integrationId }, 0, 1000);
  const progress = await readRunEntityTypes(store, customerId, runId);
  const rows = await store.scan(records, { prefix: { customerId, integrationId } });
  const kept = await store.scan(pages, { prefix: { customerId, runId } });
  const queue = await store.scan(queuePages, { prefix: { customerId, integrationId } });
  return {
    run: { state: run.state, sequences: [run.firstSequence, run.lastSequence] },
    entityTypes: Object.fromEntries(
      [...progress].map(([name, { stage, counts, failure }]) => [name, { stage, counts, failure }]),
    ),
    records: rows.map(({ entityType, recordId, value, hash, baseHash }) => ({
      entityType,
      recordId,
      value,
      hash,
      baseHash,
    })),
    changes: changes.map(({ entityType, sequence, action, recordId, before, after }) => ({
      entityType,
      sequence,
      action,
      recordId,
      before,
      after,
    })),
    joined: (await store.scan(joined, { prefix: { customerId, integrationId } })).map(
      ({ list, key, id, says }) => ({ list, key, id, says }),
    ),
    staged: await store.scan(stagedRecords, { prefix: { customerId, runId } }),
    queue: queue.map(({ list, digest }) => `${list} ${digest}`),
    // In order; a page that came twice, before and after a death, counts once.
    pages: [...new Set(kept.map(({ entityType, digest }) => `${entityType} ${digest}`))],
  };
}
