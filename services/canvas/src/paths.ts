import { type Collection, present, splitId } from '@flotilla/substrate/vendor';
import { z } from 'zod';

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

type More = Omit<Collection, 'path' | 'accept'>;

/** Pure. A list, a record, or where it is written; the segments are encoded. */
export function resource(segments: readonly string[], more: More = {}) {
  return {
    path: ['/api/v1', ...segments.map(encodeURIComponent)].join('/'),
    // Ids as texts: those of other shards have more digits than a JavaScript number holds.
    accept: 'application/json+canvas-string-ids',
    ...more,
  };
}

/** Pure. What is the root account's: terms, and imports from a SIS, belong to no other. */
export function ofAccount(below: string | readonly string[], more: More = {}) {
  return resource(['accounts', 'self', ...[below].flat()], more);
}

/** Pure. What the records of a list are read with: what they are below, by its id, and the zone of their days. */
export function implied({ timeZone: time_zone }: Connection, id = '') {
  const [course_id, section_id] = id === '' ? [] : splitId(id);
  return { implied: present({ course_id, section_id, time_zone }) };
}

/** Pure. The assignments of a class's course, or one of them. */
export function assignments(id: string, more: More = {}) {
  const [courseId = '', , ...assignmentId] = splitId(id);
  return resource(['courses', courseId, 'assignments', ...assignmentId], more);
}

/** Pure. A section, or what is below it, by the id of its class or of what is below that. */
export function ofSection(id: string, below: readonly string[], more: More = {}) {
  return resource(['sections', splitId(id)[1] ?? id, ...below], more);
}

/** Pure. The one submission that a student has of an assignment. */
export function submission(id: string, more: More = {}) {
  const [, , assignmentId = '', userId = ''] = splitId(id);
  return ofSection(id, ['assignments', assignmentId, 'submissions', userId], more);
}
