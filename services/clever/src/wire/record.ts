import { Id } from '@flotilla/substrate/lenient';
import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What records say of themselves. Nothing hangs on when they were touched: a date that cannot be read is as good as none. */
export const head = { id: Id, last_modified: z.iso.datetime({ offset: true }).optional().catch(undefined) };
type Head = z.output<z.ZodObject<typeof head>>;

const Identified = z.object({ id: Id });

/** The id of a record that could not be read. */
export function idOf(record: unknown): string | undefined {
  return Identified.safeParse(record).data?.id;
}

/** What every canonical record has. Shared records are in use: what a district takes away from an application is not listed any more. */
export function commonOf({ last_modified: dateLastModified }: Pick<Head, 'last_modified'>) {
  return { status: 'active' as const, ...present({ dateLastModified }) };
}

/** Reads a record to one canonical record under its own id. */
export function readOne<Wire extends Head, Value extends object>(valueOf: (record: Wire) => Value) {
  return (record: Wire) => [{ id: record.id, value: { ...commonOf(record), ...valueOf(record) } }];
}

/** Those that there are, each once; undefined where there is none. */
export function some<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const found = new Set(values.filter((value) => value !== undefined));
  return found.size === 0 ? undefined : [...found];
}

/** What other systems know it by, each number once: under a second name it says nothing more. */
export function identifiersOf(numbers: Readonly<Record<string, string | undefined>>) {
  const types = Object.keys(numbers);
  return some(Object.values(numbers))?.map((identifier) => {
    return { type: types.find((type) => numbers[type] === identifier) ?? '', identifier };
  });
}
