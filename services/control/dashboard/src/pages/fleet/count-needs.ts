import type { Tone } from '../../parts/badge.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { countByLastRun, type Fleet, isSilent, troubledStates, unwantedOmissions } from './fleet.ts';

/** Things of one kind that wait for a person. */
export interface Need {
  readonly tone: Extract<Tone, 'bad' | 'warn'>;
  readonly count: number;
  /** `1 failed`, `2 conflicts`. */
  readonly text: string;
}

/** What of the fleet may need a person. */
export type Needy = Pick<Fleet, 'nights' | 'services' | 'heldRuns' | 'openConflicts' | 'deadLetters'>;

/** Pure. How much of what needs a person, in the order of the list that names it; kinds with nothing are left out. */
export function countNeeds({
  nights,
  services,
  heldRuns,
  openConflicts,
  deadLetters,
}: Needy): readonly Need[] {
  const silent = services.filter(isSilent).length;
  const leftOut = unwantedOmissions.reduce((sum, reason) => sum + (nights?.[0]?.leftOut[reason] ?? 0), 0);
  const held = heldRuns?.count ?? 0;
  const conflicts = openConflicts?.count ?? 0;
  const dead = deadLetters ?? 0;
  const needs: readonly Need[] = [
    { tone: 'bad', count: silent, text: `${sayCount(silent, 'service')} not answering` },
    ...troubledStates.map((state): Need => {
      const count = countByLastRun(services, state);
      return { tone: troubledTones[state], count, text: `${count.toLocaleString()} ${state}` };
    }),
    { tone: 'bad', count: leftOut, text: `${leftOut.toLocaleString()} left out` },
    { tone: 'bad', count: dead, text: sayCount(dead, 'dead letter') },
    { tone: 'warn', count: held, text: `${held.toLocaleString()} held` },
    { tone: 'warn', count: conflicts, text: sayCount(conflicts, 'conflict') },
  ];
  return needs.filter(({ count }) => count > 0);
}

/** How bad it is that an integration's last run came to this. */
export const troubledTones = { failed: 'bad', partial: 'warn', rejected: 'warn', expired: 'warn' } as const;
