import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Entity, Reading } from './define-entity.ts';
import { present } from './present.ts';

/** Where a member stands in the vendor's record, how it reads there, and how it is written. */
export interface Place<T> {
  readonly path: readonly string[];
  readonly schema: z.ZodType<T>;
  readonly toWire?: (value: never, connection: never) => JsonValue;
}

/** A schema alone: the vendor has the member under the same name. */
type Source<T> = z.ZodType<T> | Place<T>;

/**
 * Pure. `name`: under that name; `a.b`: b in a; the empty text: the record itself, of which several members count. `toWire` writes what does not
 * read as it is written.
 */
export function at<S extends z.ZodType, N = unknown>(
  path: string,
  schema: S,
  toWire?: (value: NonNullable<z.output<S>>, connection: N) => JsonValue,
): Place<z.output<S>> {
  return {
    path: path === '' ? [] : path.split('.'),
    schema: schema as z.ZodType<z.output<S>>,
    ...(toWire === undefined ? {} : { toWire }),
  };
}

type CommonMember = 'status' | 'dateLastModified' | 'metadata';
type Own<T extends EntityType> = Omit<EntityValue<T>, CommonMember>;

/** Every member that the model demands, and those of the others that the vendor has. */
export type Members<V> = {
  readonly [M in keyof V]: Source<V[M] | (object extends Pick<V, M> ? undefined : never)>;
};

/** What all records of a vendor have. */
export interface Envelope {
  readonly id: Source<string>;
  /** Pure. Whether a record only says that it was deleted; of such a one nothing but the id must read. */
  readonly isDeleted?: (record: JsonObject) => boolean;
  /** Without a status a record is active. */
  readonly status?: Source<'active' | 'inactive' | undefined>;
  readonly dateLastModified?: Source<string | undefined>;
  readonly metadata?: Source<JsonObject | undefined>;
}

/** The part of an entity that follows from a table of members. */
export type Shape<T extends EntityType> = Pick<Entity<T>, 'entityType' | 'idOf'> & {
  readonly wire: z.ZodType<Reading<T>>;
  readonly read: (reading: Reading<T>) => readonly Reading<T>[];
};

/**
 * Pure. Makes entities of tables: what the members of the canonical record are in the vendor's, one vendor record being one canonical one. For
 * records that are none, or several, an entity has a `wire` and `read` of its own.
 *
 * ```ts
 * const shape = recordShape({ id: at('sourcedId', Id) });
 * defineEntity({ ...shape('org', { name: Text, type: at('kind', wordOf({ School: 'school' })) }), collection });
 * ```
 */
export function recordShape({ id, isDeleted, ...common }: Envelope) {
  const idPlace = toPlace('id', id);

  return function shape<T extends EntityType>(entityType: T, members: Members<Own<T>>): Shape<T> {
    const readMembers = createReader({ ...common, ...members });
    const wire = z.unknown().transform((record, context): Reading<T> => {
      const identified = readPlace(idPlace, record);
      if (identified.success && isJsonObject(record) && isDeleted?.(record) === true)
        return { id: identified.data, deleted: true };
      const value = readMembers(record);
      for (const issue of [...identified.issues, ...value.issues]) context.addIssue({ ...issue });
      if (!identified.success || !value.success) return z.NEVER;
      // Of the members' own types, by the table; conformance holds every reading against the model's strict schema.
      const canonical = { status: 'active', ...present(value.data) } as unknown as EntityValue<T>;
      return { id: identified.data, value: canonical };
    });
    return {
      entityType,
      wire,
      read: (reading) => [reading],
      idOf: (record) => {
        const identified = readPlace(idPlace, record);
        return identified.success ? identified.data : undefined;
      },
    };
  };
}

/**
 * Pure. The members of the vendor's record that say these canonical ones, by their names there; undefined: not to be there. A place within
 * another member, or in the record as a whole, cannot be written so (`config_invalid`).
 */
export function toWireMembers<V extends object>(
  members: Partial<Members<V>>,
  value: V,
  written: readonly (keyof V & string)[],
  connection: unknown,
): Readonly<Record<string, JsonValue | undefined>> {
  return Object.fromEntries(
    written.map((member) => {
      const source: Source<unknown> | undefined = members[member];
      const { path, toWire } = toPlace(member, source ?? z.unknown());
      const [name] = path;
      if (name === undefined || path.length > 1)
        throw new Failure('config_invalid', 'A member that stands within another cannot be written alone', {
          data: { member, path },
        });
      const own = value[member] as JsonValue | undefined;
      return [name, own === undefined ? undefined : (toWire?.(own as never, connection as never) ?? own)];
    }),
  );
}

type Issues = readonly z.core.$ZodIssue[];
type Read<T> =
  | { readonly success: true; readonly data: T; readonly issues: Issues }
  | { readonly success: false; readonly issues: Issues };

/**
 * What stands under names of its own is read by one schema, which zod compiles: every record of every page passes here. Each of the rest is
 * looked up.
 */
function createReader(
  members: Readonly<Record<string, Source<unknown>>>,
): (record: unknown) => Read<Record<string, unknown>> {
  const nameByMember = new Map<string, string>();
  const schemas: Record<string, z.ZodType> = {};
  const others = new Map<string, Place<unknown>>();
  for (const [member, source] of Object.entries(members)) {
    const place = toPlace(member, source);
    const [name] = place.path;
    if (name === undefined || place.path.length > 1 || Object.hasOwn(schemas, name)) {
      others.set(member, place);
      continue;
    }
    schemas[name] = place.schema;
    nameByMember.set(member, name);
  }
  const flat = z.object(schemas);

  return (record) => {
    const parsed = flat.safeParse(record);
    const issues: z.core.$ZodIssue[] = [...(parsed.error?.issues ?? [])];
    const data: Record<string, unknown> = {};
    for (const [member, name] of nameByMember) data[member] = parsed.data?.[name];
    for (const [member, place] of others) {
      const read = readPlace(place, record);
      issues.push(...read.issues);
      if (read.success) data[member] = read.data;
    }
    return issues.length === 0 ? { success: true, data, issues } : { success: false, issues };
  };
}

function readPlace<T>({ path, schema }: Place<T>, record: unknown): Read<T> {
  const found = path.reduce<unknown>(
    (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    record,
  );
  const parsed = schema.safeParse(found);
  if (parsed.success) return { success: true, data: parsed.data, issues: [] };
  return {
    success: false,
    issues: parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })),
  };
}

function toPlace<T>(member: string, source: Source<T>): Place<T> {
  return 'path' in source ? source : { path: [member], schema: source };
}
