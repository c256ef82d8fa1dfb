import { expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import type { LoggedRequest } from '../simulator/request-log.ts';
import type { RunOutcome, VendorStage } from '../vendor-stage.ts';
import { failingAt } from './failing-store.ts';
import { joinList } from './join-lists.ts';
import { parentLists } from './parent-lists.ts';
import type { Suite } from './suite.ts';
import { isListPath } from './wire-tap.ts';

/** That a run which is stopped anywhere, in any way, ends as one that was left alone. */
export function describeResume(suite: Suite): void {
  const { subject, open } = suite;
  const only = { entityTypes: [subject.entityType] };

  test.each(['time is up', 'the process is told to stop', 'the vendor fails'] as const)(
    'stopped after any page because %s, it goes on: same end, no committed page asked for again',
    async (reason) => {
      const stage = await open();
      const undisturbed = await stage.sync(only);
      const expected = await contentOf(stage, undisturbed);
      const pages = countPages(undisturbed.entityTypes.get(subject.entityType));
      expect(
        pages,
        `the simulator has too few records of ${subject.entityType}: make its district larger`,
      ).toBeGreaterThan(1);

      for (let page = 0; page <= pages; page++) {
        const integrationId = `stopped-${page}`;
        await stage.connect(integrationId);
        const runId = await stage.start({ ...only, integrationId });

        const repeated = await runWithStops(suite, stage, runId, [page], reason);

        const outcome = await stage.outcome(runId);
        expect(outcome.run.state, integrationId).toBe('succeeded');
        expect(await contentOf(stage, outcome), integrationId).toEqual(expected);
        expect(repeated, `${integrationId}: pages asked for although they were committed`).toEqual([]);
      }
    },
  );

  test('stopped after every page of every entity type, it ends as if it had not been', async () => {
    const stage = await open();
    const expected = await contentOf(stage, await stage.sync());
    await stage.connect('stopped');
    const runId = await stage.start({ integrationId: 'stopped' });

    const repeated = await runWithStops(suite, stage, runId, 'every', 'the process is told to stop');

    expect(await contentOf(stage, await stage.outcome(runId))).toEqual(expected);
    expect(repeated).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'killed %s each of its commits in turn, it ends as if it had not been',
    async (moment) => {
      const stage = await open();
      const expected = await contentOf(stage, await stage.sync(only));

      let isKilled = true;
      for (let commit = 1; isKilled; commit++) {
        const integrationId = `killed-${commit}`;
        await stage.connect(integrationId);
        const runId = await stage.start({ ...only, integrationId });
        const dying = failingAt(stage.worker.store, commit, moment);

        const outcome = await stage
          .deliver(runId, { worker: { store: dying.store } })
          .catch((thrown: unknown) => thrown);
        isKilled = dying.hasStruck();
        if (isKilled) {
          expect(['finished', 'stale', expect.objectContaining({ code: 'unavailable' })]).toContainEqual(
            outcome,
          );
          let retryCount = 1;
          while (!['finished', 'stale'].includes(await stage.deliver(runId, { retryCount: retryCount++ })));
        }

        const { run, ...rest } = await stage.outcome(runId);
        expect(run.state, integrationId).toBe('succeeded');
        expect(await contentOf(stage, { run, ...rest }), integrationId).toEqual(expected);
        expect(commit).toBeLessThan(200);
      }
    },
  );

  test('a task that arrives twice, or after its run has ended, does nothing twice', async () => {
    const stage = await open();
    const runId = await stage.start(only);

    const outcomes = await Promise.all([stage.deliver(runId), stage.deliver(runId)]);
    expect(outcomes.toSorted()).toEqual(['finished', 'stale']);
    const after = await stage.outcome(runId);

    expect(await stage.deliver(runId)).toBe('stale');
    expect(await stage.outcome(runId)).toEqual(after);
    expect(new Set(after.changes.map(({ recordId }) => recordId)).size).toBe(after.changes.length);
  });
}

/** Of its own lists and of those that say more of its records. */
function countPages(progress: RunEntityType | undefined): number {
  const joins = Object.values(progress?.joins ?? {});
  return joins.reduce((sum, { pages }) => sum + pages, progress?.pages ?? 0);
}

type Reason = 'time is up' | 'the process is told to stop' | 'the vendor fails';

/** Drives a run to its end, stopping after these pages have arrived. Answers requests for pages that had been committed before. */
async function runWithStops(
  { subject }: Suite,
  stage: VendorStage,
  runId: string,
  stops: readonly number[] | 'every',
  reason: Reason,
): Promise<readonly string[]> {
  const left = stops === 'every' ? undefined : [...stops];
  const repeated: string[] = [];
  let arrived = 0;
  for (let retryCount = 0; ; ) {
    const before = await stage.outcome(runId);
    const already = stage.simulator.requests().length;
    const stop = new AbortController();
    const worker: Partial<RunWorker> = {
      openClient(options) {
        const client = stage.worker.openClient(options);
        return {
          ...client,
          async fetchPage(request) {
            const isDue = left === undefined ? arrived > 0 && !stop.signal.aborted : left[0] === arrived;
            if (isDue) {
              left?.shift();
              if (reason === 'the vendor fails')
                throw new Failure('vendor_unavailable', 'Stopped by the test');
              if (reason === 'time is up') stage.clock.skip(stage.worker.sliceMs);
              else stop.abort(new Failure('unavailable', 'Stopped by the test'));
            }
            const page = await client.fetchPage(request);
            arrived += 1;
            return page;
          },
        };
      },
    };
    const outcome = await stage
      .deliver(runId, { worker, signal: stop.signal, retryCount })
      .catch((thrown: Failure) => {
        expect(thrown).toMatchObject({ code: 'vendor_unavailable' });
        retryCount += 1;
        return 'thrown' as const;
      });
    arrived = left === undefined ? 0 : arrived;
    const asked = stage.simulator.requests().slice(already);
    for (const entity of stage.vendor.entities) {
      const committed = before.entityTypes.get(entity.entityType)?.pages ?? 0;
      const collection = stage.collection(entity);
      const isCommitted =
        entity.within === undefined
          ? ({ page }: LoggedRequest) => (page ?? committed + 1) <= committed
          : isAmongFirst(stage.simulator.requests(), await parentLists(stage, entity), committed);
      for (const [name, join] of Object.entries(entity.joins ?? {})) {
        if (join.collection === undefined) continue;
        const read = before.entityTypes.get(entity.entityType)?.joins[name]?.pages ?? 0;
        const list = stage.collection(joinList(stage.vendor, entity, join));
        // Another entity type may stand in the same list, and asks for it again.
        if (stage.vendor.entities.some((other) => stage.collection(other).path === list.path)) continue;
        repeated.push(
          ...asked
            .filter(({ path, page = read + 1 }) => isListPath(path, list) && page <= read)
            .map(({ path, page }) => `${path} page ${page} of ${read}`),
        );
      }
      repeated.push(
        ...asked
          .filter((request) => isListPath(request.path, collection) && isCommitted(request))
          .map((request) => `${request.path} page ${request.page} of ${committed}`),
      );
    }
    if (outcome === 'finished') return repeated;
    expect(outcome, subject.entityType).not.toBe('stale');
  }
}

/**
 * Whether a request is for one of the first pages of all parents' lists, in the order in which these are read; of a path that several of them
 * have, only where all of them are.
 */
function isAmongFirst(
  all: readonly LoggedRequest[],
  lists: readonly Collection[],
  count: number,
): (request: LoggedRequest) => boolean {
  const keyOf = (path: string, page = 1) => `${page} ${path}`;
  const pagesOf = new Map(
    [...Map.groupBy(all, ({ path }) => path)].map(([path, asked]) => [path, pagesIn(asked)]),
  );
  const inOrder = lists.flatMap(({ path }) => (pagesOf.get(path) ?? []).map((page) => keyOf(path, page)));
  const first = new Set(inOrder.slice(0, count));
  const others = new Set(inOrder.slice(count));
  return ({ path, page }) => first.has(keyOf(path, page)) && !others.has(keyOf(path, page));
}

function pagesIn(asked: readonly LoggedRequest[]): readonly number[] {
  return [...new Set(asked.map(({ page = 1 }) => page))].toSorted((a, b) => a - b);
}

/** What a run leaves behind, without what differs between runs and integrations. */
async function contentOf(stage: VendorStage, { run, changes, entityTypes }: RunOutcome) {
  const stored = await stage.stored(run.integrationId);
  return {
    stored: stored.map(({ entityType, recordId, value, hash }) => ({ entityType, recordId, value, hash })),
    changes: changes.map(({ entityType, recordId, action, sequence, before, after }) => ({
      entityType,
      recordId,
      action,
      sequence,
      before,
      after,
    })),
    counts: [...entityTypes].map(([entityType, { counts, stage: reached }]) => ({
      entityType,
      counts,
      reached,
    })),
  };
}
