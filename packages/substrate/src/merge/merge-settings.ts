import { z } from 'zod';
import { isJsonObject } from '../json/json-value.ts';
import type { KeyedList, ListSpec } from './rules/list-spec.ts';
import { namedRecord } from './rules/named-record.ts';
import { findPatternFault } from './rules/pointer-pattern.ts';
import { findPlaceFault, Pattern, StrategyWord, say, strictMembers, suggest } from './rules/setting-words.ts';
import { type Strategy, strategies } from './strategy.ts';

/** A JSON Pointer (RFC 6901) in which the segment `*` stands for any one: `/address/city`; see parsePattern. */
export type PointerPattern = string;

/** Pure. How the records of an entity type are merged. Every member may be left out. */
export interface MergeSettings {
  /** The strategy where nothing more particular speaks of a field; by itself `manual`. */
  readonly default?: Strategy | undefined;
  /** Exceptions: of the pointers that are a field's own, or that of something it stands in, the longest decides. */
  readonly fields?: Readonly<Record<PointerPattern, Strategy>> | undefined;
  /** Overrides by record id; they go before `default` and `fields`. */
  readonly records?: Readonly<Record<string, Strategy | RecordOverride>> | undefined;
  /** Lists that merge element by element; any other list is one field. */
  readonly lists?: Readonly<Record<PointerPattern, ListSpec>> | undefined;
  /** A member that is null counts as one that is absent. */
  readonly nullIsAbsent?: boolean | undefined;
  /** Fields that change without meaning anything: no change is seen in them, they follow theirs. */
  readonly volatile?: readonly PointerPattern[] | undefined;
}

/** What one record's settings say instead. */
export interface RecordOverride {
  readonly default?: Strategy | undefined;
  readonly fields?: Readonly<Record<PointerPattern, Strategy>> | undefined;
}

const StrategiesByPattern = namedRecord({
  findFault: findPatternFault,
  schemaFor: () => StrategyWord,
  described: { type: 'string', enum: strategies },
});

const Override: z.ZodType<RecordOverride> = strictMembers({
  default: StrategyWord.optional(),
  fields: StrategiesByPattern.optional(),
});

const OverridesById = namedRecord<Strategy | RecordOverride>({
  findFault: () => undefined,
  schemaFor: (member) => (isJsonObject(member) ? Override : StrategyWord),
  described: {
    anyOf: [
      { type: 'string', enum: strategies },
      {
        type: 'object',
        properties: {
          default: { type: 'string', enum: strategies },
          fields: { type: 'object', additionalProperties: { type: 'string', enum: strategies } },
        },
        additionalProperties: false,
      },
    ],
  },
});

const keyAdvice = 'Name the members that tell its elements apart: {"key": ["id"]}';
const Keyed: z.ZodType<KeyedList> = strictMembers({
  key: z
    .array(z.string(keyAdvice), keyAdvice)
    .min(1, keyAdvice)
    .refine((names) => new Set(names).size === names.length, 'A key has each member once'),
});
const SetWord = z.literal('set', {
  error: ({ input }) =>
    `${say(input)} is no kind of list${suggest(input, ['set'])} Say "set", or {"key": ["id"]}.`,
});

const ListsByPattern = namedRecord<ListSpec>({
  findFault: findPlaceFault,
  schemaFor: (member) => (isJsonObject(member) ? Keyed : SetWord),
  described: {
    anyOf: [
      { const: 'set' },
      {
        type: 'object',
        properties: { key: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true } },
        required: ['key'],
        additionalProperties: false,
      },
    ],
  },
});

export const MergeSettings = strictMembers({
  default: StrategyWord.optional().describe('Who decides where nothing more particular is said'),
  fields: StrategiesByPattern.optional().describe(
    'Exceptions by JSON Pointer; `*` stands for any one segment',
  ),
  records: OverridesById.optional().describe('Overrides by record id'),
  lists: ListsByPattern.optional().describe('Lists that merge element by element, by JSON Pointer'),
  nullIsAbsent: z.boolean('Say true or false').optional().describe('Whether null counts as absent'),
  volatile: z
    .array(Pattern, 'Give a list of pointers here, such as ["/dateLastModified"]')
    .optional()
    .describe('JSON Pointers of fields that change without meaning anything'),
});

/**
 * The settings of customer, entity type, …, as one: the inner ones win. `fields`, `records` and `lists` are joined by name, and what is
 * volatile to any of them is volatile.
 */
export function composeSettings(...outermostFirst: readonly MergeSettings[]): MergeSettings {
  return outermostFirst.reduce(composeTwo, {});
}

function composeTwo(outer: MergeSettings, inner: MergeSettings): MergeSettings {
  const fallback = inner.default ?? outer.default;
  const nullIsAbsent = inner.nullIsAbsent ?? outer.nullIsAbsent;
  const fields = joinByName(outer.fields, inner.fields);
  const records = joinByName(outer.records, inner.records);
  const lists = joinByName(outer.lists, inner.lists);
  const volatile = [...new Set([...(outer.volatile ?? []), ...(inner.volatile ?? [])])];
  return {
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(fields === undefined ? {} : { fields }),
    ...(records === undefined ? {} : { records }),
    ...(lists === undefined ? {} : { lists }),
    ...(nullIsAbsent === undefined ? {} : { nullIsAbsent }),
    ...(volatile.length === 0 ? {} : { volatile }),
  };
}

type Table<T> = Readonly<Record<string, T>> | undefined;

function joinByName<T>(outer: Table<T>, inner: Table<T>): Table<T> {
  if (outer === undefined || inner === undefined) return inner ?? outer;
  return Object.fromEntries([...Object.entries(outer), ...Object.entries(inner)]);
}
