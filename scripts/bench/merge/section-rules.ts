import { compileSettings } from '../../../packages/substrate/src/merge/merge-rules.ts';

/** Meetings merge one by one; when their side last touched a record is no change. */
export const sectionRules = compileSettings({
  lists: { '/meetings': { key: ['id'] } },
  volatile: ['/dateLastModified'],
});
