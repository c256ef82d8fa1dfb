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
  /** As far as the run has come; of a run in a listing. */
  totals: z.looseObject({ created: z.number(), updated: z.number(), deleted: z.number() }).optional(),
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

const Exceeded = z.looseObject({
  direction: z.string(),
  action: z.string(),
  school: z.string().optional(),
  planned: z.number(),
  allowed: z.number(),
  stored: z.number(),
});

/** A run that waits for a person, with what holds it. */
export const HeldRunAnswer = RunAnswer.extend({
  heldSince: z.string().nullable(),
  expiresAt: z.string().nullable(),
  entityTypes: z.array(
    z.looseObject({
      entityType: z.string(),
      plan: z.looseObject({ exceeded: z.array(Exceeded) }).nullable(),
    }),
  ),
});
export type HeldRunAnswer = z.output<typeof HeldRunAnswer>;

const PlannedSide = z.looseObject({
  action: z.string(),
  lines: z.array(
    z.looseObject({
      pointer: z.string(),
      before: z.json().optional(),
      after: z.json().optional(),
      rule: z.string(),
    }),
  ),
});

export const PlanAnswer = z.object({
  records: z.array(
    z.looseObject({
      entityType: z.string(),
      recordId: z.string(),
      name: z.string().nullable().default(null),
      toOurs: PlannedSide.nullable(),
      toTheirs: PlannedSide.nullable(),
      conflicts: z.array(
        z.looseObject({
          pointer: z.string(),
          base: z.json().optional(),
          ours: z.json().optional(),
          theirs: z.json().optional(),
        }),
      ),
    }),
  ),
  next: z.object({ entityType: z.string(), recordId: z.string() }).nullable(),
});
export type PlannedRecord = z.output<typeof PlanAnswer>['records'][number];

const Choice = z.union([z.enum(['ours', 'theirs']), z.object({ value: z.json() })]);
export type Choice = z.output<typeof Choice>;

export const ConflictAnswer = z.looseObject({
  conflictId: z.string(),
  integrationId: z.string(),
  entityType: z.string(),
  recordId: z.string(),
  name: z.string().nullable().default(null),
  pointer: z.string(),
  sides: z.object({
    base: z.json().optional(),
    ours: z.json().optional(),
    theirs: z.json().optional(),
  }),
  inputs: z.string(),
  state: z.string(),
  decision: z.looseObject({ choice: Choice }).nullable(),
  foundBy: z.string(),
  version: z.number(),
});
export type ConflictAnswer = z.output<typeof ConflictAnswer>;

export const ConflictsAnswer = z.object({
  conflicts: z.array(ConflictAnswer),
  next: z.string().nullable(),
});

const ForetoldSide = z.looseObject({
  outcome: z.enum(['stays', 'appears', 'changes', 'removed']),
  before: z.json().optional(),
  after: z.json().optional(),
  kept: z.looseObject({ message: z.string() }).nullable(),
});

/** What a decision will do on either side. */
export const ForetoldAnswer = z.looseObject({
  conflictId: z.string(),
  ours: ForetoldSide,
  theirs: ForetoldSide,
  waitsFor: z.number(),
});
export type ForetoldAnswer = z.output<typeof ForetoldAnswer>;

export const ResolvedAnswer = z.object({
  conflicts: z.array(ConflictAnswer),
  foretold: z.array(ForetoldAnswer),
  runIds: z.array(z.string()),
});
export type ResolvedAnswer = z.output<typeof ResolvedAnswer>;

export const RevertAnswer = z.object({ runId: z.string() });

export const HistoryAnswer = z.object({
  name: z.string().nullable().default(null),
  movedTo: z.string().nullable(),
  changes: z.array(
    z.looseObject({
      sequence: z.number(),
      changedAt: z.string(),
      action: z.string(),
      runId: z.string(),
      by: z
        .array(z.looseObject({ actor: z.string(), did: z.string(), reason: z.string().nullable() }))
        .default([]),
      run: z
        .looseObject({ context: z.string(), method: z.string(), reverts: z.string().nullable() })
        .nullable(),
      fields: z.array(
        z.looseObject({
          pointer: z.string(),
          before: z.json().optional(),
          after: z.json().optional(),
          rule: z.string().optional(),
        }),
      ),
    }),
  ),
  next: z.number().nullable(),
});
export type HistoryAnswer = z.output<typeof HistoryAnswer>;

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
  customerName: z.string().nullable().optional(),
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
