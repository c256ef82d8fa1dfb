import { gradebookWrite } from './gradebook-write.ts';

/** Pure. Categories are put under our ids in both versions: the standard has no call that lets the server choose them. */
export const categoryWrite = gradebookWrite({
  entityType: 'category',
  collection: 'categories',
  members: ['title', 'metadata'],
  newerMembers: ['weight'],
  membersOf: ({ title, weight }, { version }) => ({ title, ...(version === '1.1' ? {} : { weight }) }),
  // A category has no date of its own: of one that never had a date it is not known when it changed.
  momentOf: () => undefined,
});
