import { z } from 'zod';
import { optional, word } from './lenient.ts';

export const Credits = optional(
  z.array(z.object({ measure: word(['credit', 'ceu', 'hours']), minimum: optional(z.number()) })),
);

/** What can be earned for certain. Undefined where it is measured in several ways, or not in credits. */
export function creditsOf(credits: z.output<typeof Credits> = []): number | undefined {
  const amounts = credits.flatMap(({ measure, minimum }) => (measure === 'credit' ? [minimum] : []));
  return amounts.length === 1 ? amounts[0] : undefined;
}
