import type { Collection } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { splitId } from './wire/record.ts';

/** What a customer enters besides the credential. */
export const Connection = z
  .strictObject({
    baseUrl: z.url().describe('Where Canvas is: https://school.instructure.com'),
    timeZone: z
      .string()
      .optional()
      .describe("The zone whose days the dates are, such as America/Denver; default: the account's own"),
  })
  .transform(({ baseUrl, ...rest }) => ({
    ...rest,
    // Schools paste what Canvas' documents show them.
    baseUrl: baseUrl.replace(/(\/api(\/v1)?)?\/*$/, ''),
  }));
export type Connection = z.output<typeof Connection>;

/**
 * Ids as texts: those of other shards have more digits than a JavaScript number holds. It is asked for by the media type, of answers to
 * writes too.
 */
export const accept = 'application/json+canvas-string-ids';

/** Pure. A path of the API; the segments are encoded. */
export function pathTo(...segments: readonly string[]): string {
  return ['/api/v1', ...segments.map(encodeURIComponent)].join('/');
}

/** Pure. A list, or a record, with ids as texts. */
export function at(segments: readonly string[], more: Omit<Collection, 'path'> = {}): Collection {
  return { path: pathTo(...segments), accept, ...more };
}

/** Pure. What the records of a list with days in it are read by. */
export function zoneOf({ timeZone }: Connection): { readonly time_zone?: string } {
  return timeZone === undefined ? {} : { time_zone: timeZone };
}

/** With the dates of all sections, not those that hold for whoever asks. */
const whole = { 'include[]': 'overrides', override_assignment_dates: false };

/** Pure. The assignments of a class's course; each is read as that class has it. */
export function assignmentsOf(classId: string): Collection {
  const [courseId = '', sectionId = ''] = splitId(classId);
  return at(['courses', courseId, 'assignments'], { query: whole, implied: { section_id: sectionId } });
}

/** Pure. One of them. */
export function assignmentAt(id: string): Collection {
  const [courseId = '', sectionId = '', assignmentId = ''] = splitId(id);
  const segments = ['courses', courseId, 'assignments', assignmentId];
  return at(segments, { query: whole, implied: { section_id: sectionId } });
}
