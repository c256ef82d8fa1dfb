import { Failure } from '@flotilla/substrate/failure';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { countOf, formatCount } from '../output/plain-text.ts';
import {
  addCounts,
  compareReport,
  countByEntityType,
  describeCounts,
  type ExpectedCounts,
} from './compare-night.ts';
import { countCurrent } from './count-everywhere.ts';
import type { DemoDistrict } from './demo-fleet.ts';
import type { Narrator } from './narrator.ts';

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
  const all = addCounts([...expected.values()]);
  const told = describeCounts(all);
  narrator.confirm(
    told === 'nothing'
      ? `${customerId}: nothing happened at the provider, and the report has no change`
      : `${customerId}: the report has exactly what happened at the provider: ${told}`,
  );
}

/** Fails with `internal`, naming every difference, where the warehouse has not as many records as the provider. */
export async function requireLanded(
  narrator: Narrator,
  fleet: Fleet,
  { customerId, provider }: DemoDistrict,
): Promise<void> {
  const wanted = countByEntityType(await provider.count());
  const found = await countCurrent(fleet, customerId, Object.keys(wanted));
  const wrong = Object.keys(wanted).filter((entityType) => wanted[entityType] !== found[entityType]);
  if (wrong.length > 0) {
    throw new Failure('internal', 'The warehouse has not what the provider has', {
      data: {
        customerId,
        differences: wrong.map((entityType) => ({
          pointer: entityType,
          message: `the provider has ${wanted[entityType]}, the warehouse ${found[entityType]}`,
        })),
      },
    });
  }
  const records = Object.values(wanted).reduce((sum, count) => sum + count, 0);
  narrator.confirm(`${customerId}: the warehouse has the same ${countOf(records, 'record')} as the provider`);
}

/** What a night without changes must leave as it was. */
export interface Traces {
  /** By customer: the number of the store's last change. */
  readonly sequences: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly landed: number;
}

/** Fails with `internal` where a night without changes stored a change, sent a message or brought one to the warehouse. */
export function requireSilence(narrator: Narrator, before: Traces, after: Traces): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    throw new Failure('internal', 'A night without changes wrote something', { data: { before, after } });
  }
  narrator.confirm(
    `nothing was written: still ${formatCount(after.messages)} messages on the bus and ${formatCount(after.landed)} changes in the warehouse`,
  );
}
