import { formatCount } from '../../packages/cli/src/output/plain-text.ts';
import { renderTable } from '../../packages/cli/src/output/table.ts';
import type { Colors } from '../../packages/cli/src/output/terminal.ts';
import type { DistrictMeasurement } from './measure-district.ts';
import type { StepMeasurement } from './measure-steps.ts';

export interface Bench {
  readonly districts: readonly DistrictMeasurement[];
  /** Of the embedded warehouse alone. */
  readonly warehouseRowsPerSecond: number;
  readonly steps: readonly StepMeasurement[];
}

/** Pure. The measurements as tables for a person. */
export function renderBench({ districts, warehouseRowsPerSecond, steps }: Bench, colors: Colors): string {
  return [
    '',
    renderDistricts(districts, colors),
    '',
    `The embedded warehouse alone takes ${whole(warehouseRowsPerSecond)} rows a second.`,
    '',
    renderTable(
      [{ title: 'for one user' }, { title: 'µs', align: 'right' }, { title: 'baselines', align: 'right' }],
      steps.map(({ step, microseconds, timesBaseline }) => [
        step,
        microseconds.toFixed(2),
        timesBaseline.toFixed(2),
      ]),
      colors,
    ),
  ].join('\n');
}

type Cell = (district: DistrictMeasurement) => number;

function renderDistricts(districts: readonly DistrictMeasurement[], colors: Colors): string {
  const services = Object.keys(districts[0]?.peakMiB ?? {});
  const rows: readonly (readonly [string, Cell, ((number: number) => string)?])[] = [
    ['records', ({ records }) => records],
    ['first sync, seconds', ({ first }) => first.seconds, oneDecimal],
    ['  records a second', ({ records, first }) => records / first.seconds],
    ['  processor seconds of oneroster', ({ first }) => first.cpuSeconds, oneDecimal],
    ['  record rows written', ({ first }) => first.written.records],
    ['  messages sent', ({ first }) => first.written.messages],
    [
      '  rows a second from vendor to warehouse',
      ({ first, landedSeconds }) => first.written.changes / landedSeconds,
    ],
    ['unchanged sync, seconds', ({ unchanged }) => unchanged.seconds, oneDecimal],
    ['  records a second', ({ records, unchanged }) => records / unchanged.seconds],
    ['  processor seconds of oneroster', ({ unchanged }) => unchanged.cpuSeconds, oneDecimal],
    ['  record rows written', ({ unchanged }) => unchanged.written.records],
    ['  change rows written', ({ unchanged }) => unchanged.written.changes],
    ['  messages sent', ({ unchanged }) => unchanged.written.messages],
    ...services.map((name) => [`peak memory of ${name}, MiB`, peakOf(name)] as const),
  ];
  return renderTable(
    [
      { title: 'a district of' },
      ...districts.map(({ students }) => ({
        title: `${formatCount(students)} students`,
        align: 'right' as const,
      })),
      ...(districts.length === 2 ? [{ title: 'ratio', align: 'right' as const }] : []),
    ],
    rows.map(([name, cell, format = whole]) => {
      const numbers = districts.map(cell);
      return [name, ...numbers.map(format), ...(numbers.length === 2 ? [ratioOf(numbers)] : [])];
    }),
    colors,
  );
}

function peakOf(service: string): Cell {
  return ({ peakMiB }) => peakMiB[service] ?? Number.NaN;
}

function ratioOf([one = Number.NaN, two = Number.NaN]: readonly number[]): string {
  return one === 0 ? '' : (two / one).toFixed(2);
}

function whole(number: number): string {
  return formatCount(Math.round(number));
}

function oneDecimal(number: number): string {
  return number.toFixed(1);
}
