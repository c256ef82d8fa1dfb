import { z } from 'zod';
import { Json, JsonMembers } from './json-view.ts';
import { CountsView } from './run-view.ts';

const Moment = z.iso.datetime({ offset: true });
const Seconds = z.number().nullable();

/** A run's report, as `report/run-report.ts` builds it. */
export const RunReportView = z.strictObject({
  runId: z.string(),
  customerId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  context: z.string(),
  method: z.string(),
  state: z.string(),
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
        entityType: z.string().nullable(),
        recordId: z.string().nullable(),
        place: z.string().nullable(),
        message: z.string(),
        data: JsonMembers,
        retry: z.string(),
        actor: z.string(),
        advice: z.string(),
      }),
    )
    .readonly(),
  problemsOmitted: z.int(),
  changes: z
    .array(
      z.strictObject({
        entityType: z.string(),
        recordId: z.string(),
        action: z.enum(['create', 'update', 'delete']),
        fields: z
          .array(z.strictObject({ pointer: z.string(), before: Json.optional(), after: Json.optional() }))
          .readonly(),
      }),
    )
    .readonly(),
  changesOmitted: z.int(),
});
