import { z } from 'zod';
import { optional, Reference } from './lenient.ts';

export const Owners = optional(
  z.array(z.object({ institutionUnit: optional(Reference), ownershipPercentage: optional(z.number()) })),
);

/** The unit that owns most of it; undefined where several own as much. */
export function ownerOf(owners: z.output<typeof Owners> = []): string | undefined {
  const most = Math.max(...owners.map(({ ownershipPercentage = 0 }) => ownershipPercentage));
  const first = owners.filter(({ ownershipPercentage = 0 }) => ownershipPercentage === most);
  return first.length === 1 ? first[0]?.institutionUnit : undefined;
}
