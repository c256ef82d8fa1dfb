import type { Strategy } from '@flotilla/substrate/merge/strategy';

/** What becomes of a field that both sides have changed. */
export const strategyWords: Readonly<Record<Strategy, string>> = {
  manual: 'a person decides',
  resolveOurs: 'ours wins a conflict',
  resolveTheirs: 'theirs wins a conflict',
  alwaysOurs: 'ours, whatever the vendor changes',
  alwaysTheirs: 'theirs, whatever is edited here',
};
