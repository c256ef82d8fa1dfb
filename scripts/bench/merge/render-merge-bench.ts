import { formatCount } from '../../../packages/cli/src/output/plain-text.ts';
import { renderTable } from '../../../packages/cli/src/output/table.ts';
import type { Colors } from '../../../packages/cli/src/output/terminal.ts';
import type { ContenderMeasurement } from './measure-merge.ts';
import type { Contender, ContenderRun } from './run-contender.ts';

const targets = { timesParse: 8, peakMiB: 512 };

/** Pure. The measurements as a table, and below it what was promised beside what came. */
export function renderMergeBench(measurements: readonly ContenderMeasurement[], colors: Colors): string {
  return [
    '',
    renderTable(
      [
        { title: 'contender' },
        { title: 'records', align: 'right' },
        { title: 'µs a record', align: 'right' },
        { title: 'times JSON.parse', align: 'right' },
        { title: 'in the rounds', align: 'right' },
        { title: 'conflicts found', align: 'right' },
        { title: 'peak MiB', align: 'right' },
      ],
      measurements.map(({ contender, records, conflicts, runs }) => {
        const speeds = runs.map(timesParse);
        return [
          contender,
          formatCount(records),
          median(runs.map(({ mergeSeconds }) => (mergeSeconds * 1e6) / records)).toFixed(2),
          median(speeds).toFixed(1),
          `${Math.min(...speeds).toFixed(1)} to ${Math.max(...speeds).toFixed(1)}`,
          `all ${formatCount(conflicts)}`,
          peakOf(runs).toFixed(0),
        ];
      }),
      colors,
    ),
    '',
    ...judge(measurements).map(
      ({ claim, isMet }) => `${isMet ? colors.green('met   ') : colors.red('MISSED')} ${claim}`,
    ),
  ].join('\n');
}

/** How many times as fast as `JSON.parse` of the same three inputs in the same process. */
function timesParse({ parseSeconds, mergeSeconds }: ContenderRun): number {
  return parseSeconds / mergeSeconds;
}

interface Verdict {
  readonly claim: string;
  readonly isMet: boolean;
}

function judge(measurements: readonly ContenderMeasurement[]): readonly Verdict[] {
  const ratio = median(ratiosToPeer(measurements));
  return [
    {
      claim: `mergeRecord is ${ratio.toFixed(2)} times as fast as trimerge (faster is asked for)`,
      isMet: ratio > 1,
    },
    ...measurements.filter(({ contender }) => contender === 'mergeSet').flatMap(judgeSet),
  ];
}

function judgeSet({ records, runs }: ContenderMeasurement): readonly Verdict[] {
  const speed = median(runs.map(timesParse));
  const peak = peakOf(runs);
  return [
    {
      claim: `mergeSet of ${formatCount(records)} records is ${speed.toFixed(1)} times as fast as JSON.parse of its inputs (${targets.timesParse} are asked for)`,
      isMet: speed >= targets.timesParse,
    },
    {
      claim: `mergeSet of ${formatCount(records)} records peaks at ${peak.toFixed(0)} MiB (${targets.peakMiB} are allowed)`,
      isMet: peak < targets.peakMiB,
    },
  ];
}

/** Round by round, since a machine slows down for a while: each speed as a multiple of the parse in its own process. */
function ratiosToPeer(measurements: readonly ContenderMeasurement[]): readonly number[] {
  const [ours = [], peers = []] = (['mergeRecord', 'trimerge'] satisfies Contender[]).map(
    (name) => measurements.find(({ contender }) => contender === name)?.runs,
  );
  return ours.map((run, round) => timesParse(run) / timesParse(peers[round] ?? run));
}

function peakOf(runs: readonly ContenderRun[]): number {
  return Math.max(...runs.map(({ peakMiB }) => peakMiB));
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
