import { Failure } from '@flotilla/substrate/failure';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import { formatCount } from '../output/plain-text.ts';
import { addCounts, compareReport, describeCounts, type ExpectedCounts } from './compare-night.ts';
import type { Narrator } from './narrator.ts';
import type { NightRun } from './run-night.ts';

/** Fails with `internal`, naming every difference, where a report differs from what was done to the data. */
export function requireExpected(
  narrator: Narrator,
  customerId: string,
  expected: ExpectedCounts,
  report: RunReport,
): void {
  const wrong = compareReport(expected, report).filter(({ isEqual }) => !isEqual);
  if (wrong.length > 0) {
    throw new Failure('internal', 'A report does not say what was done to the data', {
      data: {
        customerId,
        runId: report.runId,
        differences: wrong.map((one) => ({
          pointer: one.entityType,
          message: `expected ${describeCounts(one.expected)}, reported ${describeCounts(one.reported)}`,
        })),
      },
    });
  }
  const all = describeCounts(addCounts([...expected.values()]));
  narrator.confirm(`${customerId}: the report says exactly what was done at the provider: ${all}`);
}

/** Fails with `internal` where a night without changes stored a change or sent a message. */
export function requireSilence(
  narrator: Narrator,
  before: ReadonlyMap<string, NightRun>,
  after: ReadonlyMap<string, NightRun>,
  deliveriesBefore: number,
  deliveriesAfter: number,
): void {
  const written = [...after].filter(([customerId, { lastSequence, landed }]) => {
    const earlier = before.get(customerId);
    return lastSequence !== earlier?.lastSequence || landed !== earlier.landed;
  });
  if (written.length > 0 || deliveriesBefore !== deliveriesAfter) {
    throw new Failure('internal', 'A night without changes wrote something', {
      data: { customers: written.map(([customerId]) => customerId), deliveriesBefore, deliveriesAfter },
    });
  }
  narrator.confirm(
    `no change was stored, and no message sent: the warehouse still has ${formatCount(deliveriesAfter)} rows`,
  );
}
