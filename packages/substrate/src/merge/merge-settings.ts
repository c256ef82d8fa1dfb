import { z } from 'zod';
import { type Strategy, strategies } from './strategy.ts';

export type PointerPattern = string;

export interface RecordOverride {
  readonly default?: Strategy | undefined;
  readonly fields?: Readonly<Record<PointerPattern, Strategy>> | undefined;
}

export interface MergeSettings {
  readonly default?: Strategy | undefined;
  readonly fields?: Readonly<Record<PointerPattern, Strategy>> | undefined;
  readonly records?: Readonly<Record<string, Strategy | RecordOverride>> | undefined;
  readonly lists?: Readonly<Record<PointerPattern, { readonly key: readonly string[] } | 'set'>> | undefined;
  readonly nullIsAbsent?: boolean | undefined;
  readonly volatile?: readonly PointerPattern[] | undefined;
}

const Strategies = z.enum(strategies);
const Fields = z.record(z.string(), Strategies);

export const MergeSettings: z.ZodType<MergeSettings> = z.strictObject({
  default: Strategies.optional(),
  fields: Fields.optional(),
  records: z
    .record(
      z.string(),
      z.union([Strategies, z.strictObject({ default: Strategies.optional(), fields: Fields.optional() })]),
    )
    .optional(),
  lists: z
    .record(z.string(), z.union([z.literal('set'), z.strictObject({ key: z.array(z.string()).min(1) })]))
    .optional(),
  nullIsAbsent: z.boolean().optional(),
  volatile: z.array(z.string()).optional(),
});

/** The settings of customer, entity type, …: the inner ones win; `fields`, `records` and `lists` merge by name. */
export function composeSettings(...outermostFirst: readonly MergeSettings[]): MergeSettings {
  return outermostFirst.reduce((outer, inner) => ({ ...outer, ...inner }), {});
}
