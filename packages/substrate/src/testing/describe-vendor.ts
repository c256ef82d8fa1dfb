import { describe } from 'vitest';
import type { Vendor } from '../vendor/define-vendor.ts';
import { describeBadData } from './conformance/bad-data.ts';
import { describeChanges } from './conformance/changes.ts';
import { describeCredentials } from './conformance/credentials.ts';
import { describeDeltas } from './conformance/deltas.ts';
import { describeDescription } from './conformance/description.ts';
import { describeFaults } from './conformance/faults.ts';
import { describeJoins } from './conformance/joins.ts';
import { describeMethods } from './conformance/methods.ts';
import { describePaging } from './conformance/paging.ts';
import { describeResume } from './conformance/resume.ts';
import { describeSecrets } from './conformance/secrets.ts';
import { type ConformanceOptions, createSuite } from './conformance/suite.ts';
import { describeUploads } from './conformance/uploads.ts';
import type { EditableSimulator, Seat } from './vendor-stage.ts';

const topics = {
  description: describeDescription,
  joins: describeJoins,
  credentials: describeCredentials,
  paging: describePaging,
  changes: describeChanges,
  deltas: describeDeltas,
  'bad data': describeBadData,
  faults: describeFaults,
  resume: describeResume,
  uploads: describeUploads,
  secrets: describeSecrets,
  methods: describeMethods,
};
export type Topic = keyof typeof topics;

export interface DescribeOptions<S extends EditableSimulator> extends ConformanceOptions<S> {
  /** What sets this call apart from the vendor's others: `1.1 with OAuth 1`. */
  readonly variant?: string;
  /** Only these; default all. Where a vendor speaks several dialects, one of them proves everything and the others what differs. */
  readonly topics?: readonly Topic[];
}

/**
 * Declares the tests that every vendor must pass, from its description and its simulator alone. They run whole syncs on the embedded
 * platform, over real connections, on a clock that jumps over every wait.
 */
export function describeVendor<S extends EditableSimulator>(
  vendor: Vendor,
  createSimulator: (seat: Seat) => Promise<S> | S,
  options: DescribeOptions<S>,
): void {
  const suite = createSuite(vendor, createSimulator, options);
  const variant = options.variant === undefined ? '' : `, ${options.variant}`;
  describe(`${vendor.title}${variant}`, () => {
    for (const topic of options.topics ?? (Object.keys(topics) as Topic[])) {
      describe(topic, () => topics[topic](suite));
    }
  });
}
