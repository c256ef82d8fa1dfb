import { type IntegrationStanding, runStates, tally } from '@flotilla/substrate/store';
import { z } from 'zod';

const Count = z.int().min(0);

/** How integrations are, in numbers. */
export const standingTally = {
  paused: Count.describe('So many of them are'),
  byLastRun: z
    .partialRecord(z.enum([...runStates, 'never']), Count)
    .describe(
      'How many have which state by the last run that says how they are (see integrations.list), paused ones as well; `never`: they had none',
    ),
};

export function tallyStandings(standings: readonly IntegrationStanding[]) {
  return {
    paused: standings.filter(isPaused).length,
    byLastRun: tally(standings.map(({ lastRun }) => lastRun?.state ?? 'never')),
  };
}

export function isPaused({ state }: Pick<IntegrationStanding, 'state'>): boolean {
  return state !== 'active';
}
