import { z } from 'zod';
import { Json, JsonMembers } from './json-view.ts';
import { CountsView } from './run-view.ts';

const Name = z.string().optional().describe('What people call the record, where that is known');
const Moment = z.iso.datetime({ offset: true });
const Seconds = z.number().nullable();

const Cut = z
  .partialRecord(z.enum(['pointer', 'rule', 'before', 'after', 'base', 'ours', 'theirs']), z.int())
  .optional()
  .describe(
    'Members of which only the beginning is told, of a value that is no text that of its JSON: how many characters each has',
  );

const Fields = z
  .array(
    z.strictObject({
      pointer: z.string(),
      before: Json.optional(),
      after: Json.optional(),
      rule: z.string().optional().describe('What decided it, where it was more than a change of the vendor'),
      cut: Cut,
    }),
  )
  .readonly();

const PlanLines = z
  .array(
    z.strictObject({
      action: z.enum(['create', 'update', 'delete']),
      pointer: z.string(),
      before: Json.optional(),
      after: Json.optional(),
      rule: z.string(),
      cut: Cut,
    }),
  )
  .readonly();

const FieldsOmitted = z.int().optional().describe('How many more fields there are');

/** A run's report, as `report/run-report.ts` builds it. */
export const RunReportView = z.strictObject({
  runId: z.string(),
  customerId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  context: z.string(),
  method: z.string(),
  state: z.string(),
  isDryRun: z.boolean(),
  reverts: z.string().nullable().describe('The run that this one takes back'),
  requestedBy: z.string().nullable().describe('An account, or the name of a local token; null: a night'),
  reason: z.string().nullable().describe('Of a run that takes back another: why, as far as that was said'),
  takenBack: z
    .strictObject({
      runId: z.string(),
      state: z.string(),
      at: Moment.describe('When it ended; of one that has not, when it was asked for'),
      by: z.string().nullable().describe('Who asked for it'),
      reason: z.string().nullable().describe('Why, as far as that was said'),
      extent: z
        .enum(['whole', 'part', 'pending', 'none'])
        .describe('`none`: it changed nothing, or was itself taken back'),
    })
    .nullable()
    .describe('The later run that took this one back, or was to'),
  laterSuccess: z
    .strictObject({ runId: z.string(), at: Moment })
    .nullable()
    .describe('Of a run that did not go well: the latest run of everything that has since'),
  expiresAt: Moment.nullable().describe('A held run that nobody has decided on by then ends as `expired`'),
  decision: z
    .strictObject({
      decision: z.enum(['approved', 'rejected']),
      by: z.string(),
      at: Moment,
      reason: z.string().nullable(),
    })
    .nullable()
    .describe('What a person said when it was held'),
  verdict: z.string().describe('One sentence: is all well, and if not, what is the matter?'),
  requestedAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  seconds: Seconds,
  totals: CountsView,
  steps: z
    .array(
      z.strictObject({
        entityType: z.string(),
        stage: z.string(),
        status: z.string().describe('The same in words, with the cause where something is amiss'),
        seconds: Seconds,
        pages: z.int(),
        announced: z.int().nullable(),
        counts: CountsView,
      }),
    )
    .readonly(),
  problems: z
    .array(
      z.strictObject({
        code: z.string(),
        title: z.string().describe('The kind of it in words'),
        entityType: z.string().nullable(),
        recordId: z.string().nullable(),
        name: Name,
        place: z.string().nullable(),
        message: z.string(),
        data: JsonMembers,
        cut: z
          .record(z.string(), z.int())
          .optional()
          .describe(
            'Members of the data that are cut, and how long they are: characters of a text, items of a list',
          ),
        vendorAnswer: z
          .strictObject({
            status: z.int().nullable(),
            request: z.string().nullable().describe('Such as `PUT /users/7`'),
            text: z
              .string()
              .nullable()
              .describe('Word for word, as far as it was kept: at most 8,000 characters'),
          })
          .nullable()
          .describe('Null where no answer of the vendor is behind it'),
        retry: z.string(),
        again: z.string().describe('The same in words: whether it is tried again, and by whom'),
        actor: z.string(),
        advice: z.string(),
      }),
    )
    .readonly(),
  problemsOmitted: z.int().describe('Also those for which there is no room: a report has less than 140 kB'),
  changes: z
    .array(
      z.strictObject({
        entityType: z.string(),
        recordId: z.string(),
        name: Name,
        action: z.enum(['create', 'update', 'delete']),
        fields: Fields,
        fieldsOmitted: FieldsOmitted,
      }),
    )
    .readonly(),
  changesOmitted: z.int(),
  pushes: z
    .array(
      z.strictObject({
        entityType: z.string(),
        recordId: z.string(),
        name: Name,
        action: z.enum(['create', 'update', 'delete']),
        state: z.string().describe('`intended` (not known yet), `accepted`, `refused` or `unverified`'),
        assignedId: z.string().nullable().describe('The id that the vendor gave to a created record'),
        fields: Fields,
        fieldsOmitted: FieldsOmitted,
      }),
    )
    .readonly()
    .describe('Records written to the vendor; a refused one is among the problems too'),
  pushesOmitted: z.int(),
  conflicts: z
    .array(
      z.strictObject({
        conflictId: z.string(),
        inputs: z.string().describe('To be named in a decision, which holds for these values only'),
        entityType: z.string(),
        recordId: z.string(),
        name: Name,
        pointer: z.string(),
        kind: z.string(),
        rule: z.string(),
        state: z.string(),
        base: Json.optional(),
        ours: Json.optional(),
        theirs: Json.optional(),
        cut: Cut,
      }),
    )
    .readonly()
    .describe('Fields that wait for a person; a side that is absent has no value there'),
  conflictsOmitted: z.int().describe('Those for which there is no room; `conflicts.list.v1` has all, whole'),
  planned: z
    .array(
      z.strictObject({
        entityType: z.string(),
        recordId: z.string(),
        name: Name,
        toOurs: PlanLines,
        toTheirs: PlanLines,
        conflicts: z
          .array(
            z.strictObject({
              pointer: z.string(),
              kind: z.string(),
              rule: z.string(),
              inputs: z.string(),
              base: Json.optional(),
              ours: Json.optional(),
              theirs: Json.optional(),
              cut: Cut,
            }),
          )
          .readonly(),
        linesOmitted: z.int().optional().describe('How many more lines and conflicts there are'),
      }),
    )
    .readonly()
    .describe('Of a dry run, and of a held one: what it would do'),
  plannedOmitted: z.int(),
  noise: z
    .array(
      z.strictObject({
        entityType: z.string(),
        pointer: z.string(),
        runs: z.int().describe('In how many runs, one after the other; this one included'),
        share: z.number().describe('In how many of the updated records it changed, 0 to 1'),
      }),
    )
    .readonly()
    .describe('Fields that change every time, in nearly every record, and could be declared volatile'),
  links: z
    .strictObject({
      run: z.string(),
      plan: z.string().nullable().describe('What a held run would change; null for any other run'),
      conflicts: z.string(),
      integration: z.string(),
      record: z.string().describe('With `{entityType}` and `{recordId}` to be filled in, percent-encoded'),
    })
    .nullable()
    .describe('Pages of the dashboard; null where nobody has said where it is'),
});
