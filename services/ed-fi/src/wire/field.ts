import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { isAbsent } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { idOf, memberOf, type Resource, referenceTo } from './keys.ts';

/** One canonical member in Ed-Fi's records. */
export interface Field<T> {
  /** `a.b`: b in a; `a|b`: whichever is there; a `?` at the end: it may be absent. Empty: the record itself, of which several members count. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** Back to what the host has, where that is not the value itself; of an empty path, to the members. */
  readonly toWire?: (value: never) => JsonValue;
}

/** Pure. */
export function at<const P extends string, T>(
  path: P,
  schema: z.ZodType<T>,
  toWire?: (value: NonNullable<T>) => JsonValue,
): Field<P extends `${string}?` ? T | undefined : T> {
  return { path, schema: schema as never, ...(toWire === undefined ? {} : { toWire: toWire as never }) };
}

/** Pure. A reference, read to the id of what it names: a section's also names the session and the school. The `link` in it is not needed. */
export function to<const P extends string>(path: P, resource: Resource) {
  const Id = z.unknown().transform((key, context): string => {
    const id = idOf(resource, key, true);
    if (id === undefined) context.addIssue({ code: 'custom', message: `It names none of the ${resource}` });
    return id ?? z.NEVER;
  });
  return at(path, Id, (id) => referenceTo(resource, id));
}

/** Pure. The member that a record has; what is wrong with it is told by name. */
export function readField<T>(field: Field<T>, record: unknown, context: z.RefinementCtx): T | undefined {
  const { name, value } = find(field, record);
  if (isAbsent(value)) {
    if (!field.path.endsWith('?'))
      context.addIssue({ code: 'custom', path: [...name], message: 'It is missing' });
    return undefined;
  }
  const parsed = field.schema.safeParse(value);
  for (const issue of parsed.error?.issues ?? [])
    context.addIssue({ code: 'custom', message: issue.message, path: [...name, ...issue.path] });
  return parsed.data;
}

function find({ path }: Field<unknown>, record: unknown) {
  const all = path
    .replace('?', '')
    .split('|')
    .map((text) => text.split('.').filter((part) => part !== ''))
    .map((name) => ({ name, value: name.reduce<unknown>(memberOf, record) }));
  return all.find(({ value }) => !isAbsent(value)) ?? { name: all[0]?.name ?? [], value: undefined };
}

/** Pure. What the members of the host's record are to be for a canonical one; undefined: not there. */
export function writeField(
  field: Field<unknown>,
  value: unknown,
  latest: JsonObject,
): Readonly<Record<string, JsonValue | undefined>> {
  if (field.path === '') return field.toWire?.(value as never) as JsonObject;
  // A host that keeps one member in the other's place goes on doing so.
  const { name } = find(field, latest);
  const written = value === undefined ? undefined : (field.toWire?.(value as never) ?? (value as JsonValue));
  return { [name[0] ?? '']: written };
}
