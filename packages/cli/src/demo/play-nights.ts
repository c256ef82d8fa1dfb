import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import { connectFleet, type Fleet } from '../fleet/connect-fleet.ts';
import { createNightProgress } from '../progress/night-progress.ts';
import type { QueryAnswer } from '../rpc/answers.ts';
import { askWarehouse } from './ask-warehouse.ts';
import { requireExpected, requireLanded, requireSilence, type Traces } from './check-night.ts';
import { type ActionCounts, type ExpectedCounts, expectFirstNight } from './compare-night.ts';
import { countLanded, digestCurrent } from './count-everywhere.ts';
import type { DemoFleet } from './demo-fleet.ts';
import { severalSystems } from './demo-systems.ts';
import { editDistricts } from './edit-districts.ts';
import { connectDistrict, tellProcesses } from './introduce.ts';
import { type DecidedScore, playGrades } from './play-grades.ts';
import { playSystems } from './play-systems.ts';
import { type NightRun, runNight } from './run-night.ts';
import { shortenReport } from './shorten-report.ts';
import type { Stage } from './stage.ts';

/** What the demo proved, for programs: by night and customer what was expected and reported, which are equal. */
export interface DemoSummary {
  /** Process numbers, by name; all of them have ended. */
  readonly processes: Readonly<Record<string, number>>;
  readonly nights: readonly {
    readonly night: string;
    readonly runs: Readonly<
      Record<string, ActionCounts & { readonly runId: string; readonly verdict: string }>
    >;
  }[];
  readonly queries: readonly QueryAnswer[];
  /** A digest of what the warehouse has in the end, by customer and entity type. */
  readonly records: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By system of one district: how many of its people it has. */
  readonly systems: Readonly<Record<string, number>>;
  /** What became of a score that both sides had changed; undefined where no system's grades go both ways. */
  readonly decided: DecidedScore | undefined;
}

/** Connects the districts and plays the three nights. Fails with `internal` where a report differs from what was done to the data. */
export async function playNights(stage: Stage): Promise<DemoSummary> {
  const { host, narrator, demo } = stage;
  const fleet = connectFleet(
    { token: demo.running.token, services: demo.running.services },
    { clock: host.clock, signal: host.interrupted },
  );
  tellProcesses(stage);

  narrator.chapter('Each district is connected');
  for (const district of demo.districts) await connectDistrict(stage, fleet, district);

  const [first, second, third] = lastThreeDays(host.clock.now());
  narrator.chapter('Night one: everything is new');
  const one = await play(stage, fleet, first, expectAll(demo));
  const queries = await askWarehouse(narrator, fleet, host.terminal.colors);

  narrator.chapter('Night two: a school day has passed');
  const edits = await editDistricts(stage);
  const two = await play(stage, fleet, second, edits);

  narrator.chapter('Night three: nothing has changed');
  const before = await readTraces(stage, fleet, two);
  const three = await play(stage, fleet, third, new Map());
  requireSilence(narrator, before, await readTraces(stage, fleet, three));

  const records = await digestRecords(fleet, three);
  const systems = await playSystems(stage, fleet);
  const decided = await playGrades(stage, fleet);

  return {
    processes: processesOf(demo),
    nights: [
      { night: first, runs: summarize(one) },
      { night: second, runs: summarize(two) },
      { night: third, runs: summarize(three) },
    ],
    queries,
    records,
    systems,
    decided,
  };
}

/** One night with its progress, reports and check. */
async function play(
  { host, narrator, demo }: Stage,
  fleet: Fleet,
  night: string,
  expected: ReadonlyMap<string, ExpectedCounts>,
): Promise<ReadonlyMap<string, NightRun>> {
  const { colors } = host.terminal;
  narrator.tell(`${colors.dim('JSON-RPC to control:')} nightly.run.v1 ${JSON.stringify({ night })}`);
  narrator.tell();
  const counts = demo.districts.map(({ customerId, provider }) => [customerId, provider.records] as const);
  const progress = createNightProgress(
    host.terminal,
    new Map(counts),
    narrator.isSilent ? undefined : narrator.tell,
  );
  const runs = await runNight(host, fleet, {
    night,
    customers: counts.map(([customerId]) => customerId),
    progress,
  });
  for (const { report } of runs.values()) {
    narrator.tell();
    narrator.tell(renderReportText(shortenReport(report, isFirst(report.totals) ? 0 : 2)));
  }
  narrator.tell();
  for (const [customerId, { report }] of runs) {
    requireExpected(narrator, customerId, expected.get(customerId) ?? new Map(), report);
  }
  for (const district of demo.districts) await requireLanded(narrator, fleet, district);
  return runs;
}

async function readTraces(
  { demo }: Stage,
  fleet: Fleet,
  runs: ReadonlyMap<string, NightRun>,
): Promise<Traces> {
  const entityTypes = [...runs.values()].flatMap(({ report }) =>
    report.steps.map(({ entityType }) => entityType),
  );
  return {
    sequences: Object.fromEntries(
      [...runs].map(([customerId, { lastSequence }]) => [customerId, lastSequence]),
    ),
    messages: demo.stack.countMessages(),
    landed: await countLanded(fleet, [...new Set(entityTypes)]),
  };
}

async function digestRecords(
  fleet: Fleet,
  runs: ReadonlyMap<string, NightRun>,
): Promise<DemoSummary['records']> {
  const digests = [...runs].map(async ([customerId, { report }]) => {
    const entityTypes = report.steps.map(({ entityType }) => entityType);
    return [customerId, await digestCurrent(fleet, customerId, entityTypes)] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** Thousands of created records are told by their number alone. */
function isFirst({ created, unchanged }: { readonly created: number; readonly unchanged: number }): boolean {
  return unchanged === 0 && created > 0;
}

function expectAll({ districts }: DemoFleet): ReadonlyMap<string, ExpectedCounts> {
  return new Map(
    districts.map(({ customerId, provider }) => [customerId, expectFirstNight(provider.counts)]),
  );
}

function summarize(runs: ReadonlyMap<string, NightRun>): DemoSummary['nights'][number]['runs'] {
  return Object.fromEntries(
    [...runs].map(([customerId, { report }]) => {
      const { created, updated, deleted } = report.totals;
      return [customerId, { runId: report.runId, verdict: report.verdict, created, updated, deleted }];
    }),
  );
}

function processesOf({ running, districts, systems }: DemoFleet): Readonly<Record<string, number>> {
  return Object.fromEntries([
    ...Object.entries(running.services).map(([name, { pid }]) => [name, pid]),
    ...districts.map(({ customerId, provider }) => [customerId, provider.pid]),
    ...systems.map(({ vendor, provider }) => [`${severalSystems.customerId} ${vendor}`, provider.pid]),
  ]);
}

/** Dates, the earliest first; today is the last. */
function lastThreeDays(now: number): readonly [string, string, string] {
  return [toDate(now - 2 * dayMs), toDate(now - dayMs), toDate(now)];
}

const dayMs = 86_400_000;

function toDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
