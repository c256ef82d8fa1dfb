import type { RunReport } from '@flotilla/substrate/report/run-report';
import { z } from 'zod';

/** What the command line uses of the services' answers; members that it does not use may come and go. */

const FailureAnswer = z.object({
  code: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.json()),
});

export const RunAnswer = z.looseObject({
  customerId: z.string(),
  runId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  context: z.string(),
  method: z.string(),
  state: z.string(),
  requestedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  lastSequence: z.number().nullable(),
  failure: FailureAnswer.nullable(),
});
export type RunAnswer = z.output<typeof RunAnswer>;

const Counts = z.object({
  received: z.number(),
  unchanged: z.number(),
  quarantined: z.number(),
  withdrawn: z.number(),
  created: z.number(),
  updated: z.number(),
  deleted: z.number(),
});

export const RunProgressAnswer = RunAnswer.extend({
  entityTypes: z.array(
    z.looseObject({
      entityType: z.string(),
      stage: z.string(),
      announced: z.number().nullable(),
      counts: Counts,
      upload: z.object({ records: z.number(), percent: z.number().nullable() }).nullable().default(null),
      failure: FailureAnswer.nullable(),
    }),
  ),
});
export type RunProgressAnswer = z.output<typeof RunProgressAnswer>;

export const RunsAnswer = z.object({ runs: z.array(RunAnswer), next: z.string().nullable() });

export const NightAnswer = z.object({
  state: z.enum(['queued', 'started']),
  runs: z.array(RunAnswer),
  next: z.looseObject({ customerId: z.string(), runId: z.string() }).nullable(),
});

export const StartedAnswer = z.object({ runId: z.string(), created: z.boolean() });

export const CustomersAnswer = z.object({
  customers: z.array(z.object({ customerId: z.string(), name: z.string(), timeZone: z.string() })),
  next: z.string().nullable(),
});

export const IntegrationsAnswer = z.object({
  integrations: z.array(z.object({ integrationId: z.string(), vendor: z.string(), state: z.string() })),
});

export const IntegrationPutAnswer = z.object({ integrationId: z.string(), created: z.boolean() });

export const CheckAnswer = z.object({
  ok: z.boolean(),
  failure: FailureAnswer.nullable(),
  advice: z.string().nullable(),
});

export const DescribeAnswer = z.object({
  vendor: z.string(),
  title: z.string(),
  entityTypes: z.array(z.string()),
  connection: z.looseObject({ properties: z.record(z.string(), z.looseObject({})).default({}) }),
  credential: z.looseObject({}),
});

export const QueryAnswer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.record(z.string(), z.json())),
  truncated: z.boolean(),
});
export type QueryAnswer = z.output<typeof QueryAnswer>;

const DeadLetterAnswer = z.looseObject({
  kind: z.enum(['task', 'message']),
  queue: z.string(),
  id: z.string(),
  path: z.string().nullable(),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  bytes: z.number(),
  attempts: z.number().nullable(),
  diedAt: z.string(),
  lastStatus: z.number().nullable(),
  lastAnswer: z.string(),
});
export type DeadLetterAnswer = z.output<typeof DeadLetterAnswer>;

export const DeadLettersAnswer = z.object({ deadLetters: z.array(DeadLetterAnswer), truncated: z.boolean() });

export const ReplayedAnswer = z.object({
  replayed: z.array(z.string()),
  missing: z.array(z.string()),
  overtaken: z.array(z.string()),
});

export const DiscardedAnswer = z.object({ discarded: z.array(z.string()), missing: z.array(z.string()) });

export const LandedAnswer = z.object({ highestSequence: z.number(), changes: z.number() });

/** A report is shown whole by the substrate's own renderer: it is taken at its word once it has a report's shape. */
export const ReportAnswer = z.custom<RunReport>(
  (value) => ReportShape.safeParse(value).success,
  'a run report',
);

const ReportShape = z.looseObject({
  verdict: z.string(),
  totals: Counts,
  steps: z.array(z.looseObject({ entityType: z.string(), counts: Counts })),
  problems: z.array(z.looseObject({ code: z.string() })),
  changes: z.array(z.looseObject({ entityType: z.string(), action: z.string() })),
});

export const DiscoverAnswer = z.object({
  methods: z.array(
    z.looseObject({
      name: z.string(),
      summary: z.string().default(''),
      params: z
        .array(
          z.looseObject({
            name: z.string(),
            required: z.boolean().default(false),
            description: z.string().optional(),
            schema: z.record(z.string(), z.json()),
          }),
        )
        .default([]),
    }),
  ),
});
export type DiscoveredMethod = z.output<typeof DiscoverAnswer>['methods'][number];
