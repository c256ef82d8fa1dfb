import { z } from 'zod';

/** Pure. The id under which a vendor knows a record (OneRoster's word); any non-empty text, unique per integration and entity type. */
export const SourcedId = z.string().min(1).max(255);

/** A calendar date, `YYYY-MM-DD`. */
export const CalendarDate = z.iso.date();

/** A moment, RFC 3339 with zone. One moment has one spelling, in UTC with milliseconds: written otherwise it would count as changed. */
export const Moment = z.iso.datetime({ offset: true }).overwrite(toUtc);

/** zod asks for this of texts that it refuses as well. */
function toUtc(text: string): string {
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? text : new Date(moment).toISOString();
}

/** `inactive` comes from OneRoster 1.1; `tobedeleted` never gets here: such a record is read as deleted. */
const Status = z.enum(['active', 'inactive']);

/** One of the standard's words, or an extension of it: OneRoster 1.2 lets any vocabulary grow by `ext:` words. */
export function vocabulary<const W extends readonly [string, ...string[]]>(words: W) {
  return z.union([z.enum(words), z.templateLiteral(['ext:', z.string().min(1)])]);
}

/** How far a piece of work is graded. */
export const ScoreStatus = vocabulary([
  'exempt',
  'fully graded',
  'not submitted',
  'partially graded',
  'submitted',
]);

/** Ids of other systems: one of each type at most, such as `{type: 'nces', identifier: '...'}`. */
export const Identifiers = z.array(z.strictObject({ type: z.string(), identifier: z.string() }));

/** The members every entity has besides its own. `metadata` is the vendor's extension data, kept as received. */
export const commonMembers = {
  status: Status,
  dateLastModified: Moment.optional(),
  metadata: z.record(z.string(), z.json()).optional(),
};
