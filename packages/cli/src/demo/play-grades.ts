import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import { z } from 'zod';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { type DemoSystem, severalSystems } from './demo-systems.ts';
import { endOf, syncOnce } from './run-once.ts';
import { shortenReport } from './shorten-report.ts';
import type { Stage } from './stage.ts';

/** A score that both sides had changed, and what was decided. */
export interface DecidedScore {
  readonly recordId: string;
  readonly theirs: number;
  readonly ours: number;
}

const { customerId } = severalSystems;
const entityType = 'result';

/** A night of a district in which nobody does anything. */
export const nothing = {
  renamed: 0,
  transferred: 0,
  enrolled: 0,
  withdrawn: 0,
  rooms: 0,
  marked: 0,
  excused: 0,
  scores: 0,
} as const;

const Records = z.object({
  records: z.array(z.object({ recordId: z.string(), ours: z.record(z.string(), z.json()).nullable() })),
});
const Edited = z.object({ runId: z.string().nullable() });
const Conflicts = z.object({
  conflicts: z.array(
    z.object({
      conflictId: z.string(),
      recordId: z.string(),
      pointer: z.string(),
      inputs: z.string(),
      sides: z.object({ base: z.json().optional(), ours: z.json().optional(), theirs: z.json().optional() }),
    }),
  ),
});
const Resolved = z.object({ runIds: z.array(z.string()) });

/** Edits scores here and there: one reaches the vendor, one is changed on both sides, is decided, and reaches it too. */
export async function playGrades(stage: Stage, fleet: Fleet): Promise<DecidedScore | undefined> {
  const { narrator, demo } = stage;
  const system = demo.systems.find(({ use }) => use === 'grades');
  if (system === undefined) {
    narrator.tell('No system of this district has grades that go both ways.');
    return undefined;
  }
  const { vendor, title } = system;
  narrator.chapter(`Grades go both ways with ${title}`);
  await chooseWriteBack(fleet, system);

  const [first] = await scoresOf(fleet, vendor);
  if (first === undefined) throw new Failure('internal', 'The system has no scores', { data: { vendor } });
  const raised = otherThan(first.score);
  await put(stage, fleet, vendor, first, raised);
  narrator.confirm(
    `a score edited here, ${first.score} → ${raised}: written to ${title}, read again and found there`,
  );

  const { recordId, before, theirs, ours, conflict } = await contestScore(
    stage,
    fleet,
    system,
    first.recordId,
  );
  narrator.confirm(
    `a teacher edits a score in ${title}, ${before} → ${theirs}; a dry run says so and touches nothing`,
  );
  narrator.confirm(
    `somebody edits the very same score here, ${before} → ${ours}: that record is held, and nobody is overwritten`,
  );
  narrator.tell();
  narrator.tell(
    `   ${conflict.pointer}   base ${JSON.stringify(conflict.sides.base)}   ours ${JSON.stringify(conflict.sides.ours)}   theirs ${JSON.stringify(conflict.sides.theirs)}`,
  );
  narrator.tell();

  const report = await decide(stage, fleet, vendor, conflict);
  narrator.confirm(`decided for ours, by a person: ${title} has ${ours} now`);
  narrator.tell();
  narrator.tell(renderReportText(shortenReport(report, 2)));
  await requireNothingLeft(stage, fleet, vendor, recordId);
  return { recordId, theirs, ours };
}

interface ContestedScore extends DecidedScore {
  readonly before: number;
  readonly conflict: Conflict;
}

/** Has one score changed at the vendor, and then the same one here, so that it becomes a conflict. */
export async function contestScore(
  stage: Stage,
  fleet: Fleet,
  { vendor, provider }: DemoSystem,
  except?: string,
): Promise<ContestedScore> {
  // Only scores change there, and a dry run tells which.
  await provider.edit({ ...nothing, scores: 2 });
  const { planned } = await syncOnce(stage.host, fleet, vendor, 'grades', {
    entityTypes: [entityType],
    dryRun: true,
  });
  const changed = planned.flatMap(({ recordId, toOurs }) =>
    toOurs.flatMap(({ pointer, before, after }) =>
      pointer === '/score' && typeof before === 'number' && typeof after === 'number'
        ? [{ recordId, before, theirs: after }]
        : [],
    ),
  );
  const contested = changed.find(({ recordId }) => recordId !== except);
  if (contested === undefined) {
    throw new Failure('internal', 'A dry run does not tell of a score that changed at the vendor', {
      data: { vendor, planned: planned.length },
    });
  }
  const { recordId, before, theirs } = contested;
  const ours = otherThan(before, theirs);
  const record = (await scoresOf(fleet, vendor)).find((one) => one.recordId === recordId);
  if (record === undefined) throw new Failure('internal', 'A score is gone', { data: { vendor, recordId } });
  await put(stage, fleet, vendor, record, ours);
  return { recordId, before, theirs, ours, conflict: await findConflict(fleet, vendor, recordId) };
}

/** Results are written; whatever both sides change differently waits for a person. */
async function chooseWriteBack(fleet: Fleet, { vendor }: DemoSystem): Promise<void> {
  const settings = {
    writeBack: [entityType],
    entityTypes: { [entityType]: { merge: { default: 'manual' } } },
    limits: { toOurs: { update: { percent: 10, floor: 50 } } },
  };
  await fleet.control.call('settings.put.v1', { customerId, integrationId: vendor, settings }, z.unknown());
}

interface Score {
  readonly recordId: string;
  readonly value: JsonObject;
  readonly score: number;
}

async function scoresOf(fleet: Fleet, integrationId: string): Promise<readonly Score[]> {
  const params = { customerId, integrationId, entityType, values: true, limit: 250 };
  const { records } = await fleet.control.call('records.list.v1', params, Records);
  return records.flatMap(({ recordId, ours }) =>
    ours !== null && typeof ours.score === 'number' ? [{ recordId, value: ours, score: ours.score }] : [],
  );
}

/** Another score that everybody would take: no larger than the largest of these. */
function otherThan(...scores: readonly number[]): number {
  const most = Math.floor(Math.max(...scores));
  for (let score = most; score >= 0; score--) if (!scores.includes(score)) return score;
  return most + 1;
}

/** Edits a score on our side, and follows the run that brings it to the vendor. */
async function put({ host }: Stage, fleet: Fleet, vendor: string, { recordId, value }: Score, score: number) {
  const edit = { customerId, integrationId: vendor, entityType, recordId, value: { ...value, score } };
  const { runId } = await fleet.control.call('records.put.v1', edit, Edited);
  if (runId === null)
    throw new Failure('internal', 'An edit is not brought to the vendor', { data: { vendor } });
  return await endOf(host, fleet, vendor, runId);
}

type Conflict = z.output<typeof Conflicts>['conflicts'][number];

async function findConflict(fleet: Fleet, integrationId: string, recordId: string): Promise<Conflict> {
  const { conflicts } = await fleet.control.call(
    'conflicts.list.v1',
    { customerId, integrationId },
    Conflicts,
  );
  const found = conflicts.find((one) => one.recordId === recordId && one.pointer === '/score');
  if (found !== undefined) return found;
  throw new Failure('internal', 'A score that both sides changed is no conflict', {
    data: { integrationId, recordId, conflicts: conflicts.length },
  });
}

async function decide({ host }: Stage, fleet: Fleet, vendor: string, { conflictId, inputs }: Conflict) {
  const decisions: JsonValue = [{ conflictId, inputs, choice: 'ours' }];
  const params = { customerId, decisions, reason: 'The teacher said so', apply: true };
  const { runIds } = await fleet.control.call('conflicts.resolve.v1', params, Resolved);
  const [runId] = runIds;
  if (runId === undefined) throw new Failure('internal', 'A decision starts no run', { data: { vendor } });
  return await endOf(host, fleet, vendor, runId);
}

/** Fails where the vendor has another score than we have, now that it was decided. */
async function requireNothingLeft({ host, narrator }: Stage, fleet: Fleet, vendor: string, recordId: string) {
  const { planned } = await syncOnce(host, fleet, vendor, 'grades', {
    entityTypes: [entityType],
    dryRun: true,
  });
  if (planned.some((one) => one.recordId === recordId)) {
    throw new Failure('internal', 'A decided score is not the same on both sides', {
      data: { vendor, recordId },
    });
  }
  narrator.tell();
  narrator.confirm('asked once more, the vendor has what was decided: nothing of it is left to do');
}
