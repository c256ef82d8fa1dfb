import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { textAt } from '@flotilla/substrate/json/value-at';
import { type Collection, type Paging, present, splitId } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { errorCodesIn } from './failures.ts';

/** What a customer enters besides the credential. */
export const Connection = z.strictObject({
  baseUrl: z.url().default('https://ed.link').describe('Where Edlink is'),
  api: z
    .enum(['graph', 'user'])
    .default('graph')
    .describe("graph: the whole district, by the integration's token; user: what one signed-in person sees"),
});
export type Connection = z.output<typeof Connection>;

const followed = {
  kind: 'bodyLink',
  nextIn: textAt('/$next'),
  // Two hours after the page that brought it.
  isExpired: (answer: { readonly json: JsonValue | undefined }) =>
    errorCodesIn(answer.json).includes('INVALID_CURSOR'),
} as const;

/** Of rosters, which Edlink keeps itself: from 1 to 10,000 a page. */
export const rosterPaging: Paging = { ...followed, sizeParameter: '$first', pageSize: 2_000 };

/** Pure. A path of the chosen API. Both have the same paths below different roots; the User API has fewer of them. */
export function pathTo({ api }: Connection, ...segments: readonly string[]): string {
  const root = api === 'graph' ? '/api/v2/graph' : '/api/v2/my';
  return [root, ...segments.map(encodeURIComponent)].join('/');
}

/** A list of rosters, and one record of it. */
export function rostering(name: string) {
  function at(connection: Connection, ...id: readonly string[]): Collection {
    return { path: pathTo(connection, name, ...id), member: '$data' };
  }
  return {
    collection: (connection: Connection) => at(connection),
    one: (id: string, connection: Connection) => at(connection, id),
  };
}

/**
 * The lists of gradebooks, each below a record of the one before, and one record of each. Edlink shows an assignment only below its class, and
 * a submission below both, and neither record says of what: what it is below the request's path says. Canonical ids are that path,
 * `class.assignment.submission`; UUIDs have no dots.
 */
export const gradebook = {
  categories: below('classes', 'categories'),
  assignments: below('classes', 'assignments'),
  submissions: below('classes', 'assignments', 'submissions'),
};

function below(...names: readonly string[]) {
  const parents = names.slice(0, -1);

  /** `id` is canonical: a record's own, or, for the list, that of the record above. */
  function at(id: string, connection: Connection): Collection {
    const ids = splitId(id);
    // In patterns one `*` stands for all that is above.
    const above = parents.map((_, depth) => ids[depth] ?? '*');
    const [classId = '', assignmentId] = above;
    const segments = [...parents.flatMap((name, depth) => [name, above[depth] ?? '']), ...names.slice(-1)];
    return {
      path: pathTo(connection, ...segments, ...ids.slice(parents.length)),
      member: '$data',
      implied: { class_id: classId, ...present({ assignment_id: assignmentId }) },
      // The school's own system is asked, page by page: how much it gives at most is its secret, so no size is asked for.
      paging: followed,
    };
  }
  return {
    collection: (connection: Connection, parentId: string) => at(parentId, connection),
    one: at,
  };
}
