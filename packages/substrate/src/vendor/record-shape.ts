import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Entity, Reading } from './define-entity.ts';
import { isAbsent } from './lenient.ts';
import { present } from './present.ts';

/** Where a member stands in the vendor's record, how it reads there, and how it is written. */
export interface Place<T> {
  /** Each from the record down; of several the first at which something is. None: what is read stands nowhere. */
  readonly paths: readonly (readonly string[])[];
  readonly schema: z.ZodType<T>;
  readonly toWire?: (value: never, connection: never) => JsonValue | WireMembers;
}

/** Members of the vendor's record by their names there; undefined: not to be there. */
export type WireMembers = Readonly<Record<string, JsonValue | undefined>>;

/** A schema alone: the vendor has the member under the same name. */
export type Source<T> = z.ZodType<T> | Place<T>;

/**
 * Pure. `name`: under that name; `a.b`: b in a; `a|b`: a, or b where a is absent, null or blank; the empty text: the record itself, of which
 * several members count. `toWire` writes what does not read as it is written: of the record itself, the members that say the value or its absence.
 */
export function at<S extends z.ZodType, N = unknown>(
  path: '',
  schema: S,
  toWire?: (value: z.output<S>, connection: N) => WireMembers,
): Place<z.output<S>>;
export function at<S extends z.ZodType, N = unknown>(
  path: string,
  schema: S,
  toWire?: (value: NonNullable<z.output<S>>, connection: N) => JsonValue,
): Place<z.output<S>>;
export function at<T>(path: string, schema: z.ZodType<T>, toWire?: Place<T>['toWire']): Place<T> {
  return {
    paths: path.split('|').map((way) => way.split('.').filter((name) => name !== '')),
    schema,
    ...(toWire === undefined ? {} : { toWire }),
  };
}

/** Pure. What a member is in all records, though the vendor does not say so. It is never written. */
export function always<T extends JsonValue>(value: T): Place<T> {
  return { paths: [], schema: z.unknown().transform(() => value) };
}

type CommonMember = 'status' | 'dateLastModified' | 'metadata';
type Own<T extends EntityType> = Omit<EntityValue<T>, CommonMember>;

/** Every member that the model demands, and those of the others that the vendor has. */
export type Members<V> = {
  readonly [M in keyof V]: Source<V[M] | (object extends Pick<V, M> ? undefined : never)>;
};

/** As much of a table as is to be written by it. */
export type WrittenMembers<V> = { readonly [M in keyof V]?: Source<V[M] | undefined> };

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

/** What the members of one entity type's records are; those that all records of the vendor have, where they are others here. */
export type Table<T extends EntityType> = Members<Own<T>> & Pick<Envelope, CommonMember>;

/** The part of an entity that follows from a table of members. */
export type Shape<T extends EntityType, R = Reading<T>> = Pick<Entity<T>, 'entityType' | 'idOf'> & {
  readonly wire: z.ZodType<R>;
  readonly read: (reading: R) => readonly Reading<T>[];
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

  return function shape<T extends EntityType>(entityType: T, members: Table<T>): Shape<T> {
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
 * Pure. An entity whose records are not all described by one table, such as one with several lists: each record by the shape that is told for
 * it. Of one without a shape nothing is read, so nothing can be wrong with it.
 */
export function shapeAmong<T extends EntityType>(
  entityType: T,
  shapeOf: (record: unknown) => Shape<T> | undefined,
): Shape<T, Reading<T> | undefined> {
  return {
    entityType,
    wire: z.unknown().transform((record, context): Reading<T> | undefined => {
      const parsed = shapeOf(record)?.wire.safeParse(record);
      for (const issue of parsed?.error?.issues ?? []) context.addIssue({ ...issue });
      return parsed?.data;
    }),
    read: (reading) => (reading === undefined ? [] : [reading]),
    idOf: (record) => shapeOf(record)?.idOf(record),
  };
}

/**
 * Pure. The members of the vendor's record that say these canonical ones. `latest` is the vendor's own record: objects in which a member stands
 * are written as they are there but for that member, and one with alternative places where it is kept there. What stands for the record as a
 * whole must say by `toWire` what is written (`config_invalid`).
 */
export function toWireMembers<V extends object>(
  members: WrittenMembers<V>,
  value: V,
  written: readonly (keyof V & string)[],
  connection: unknown,
  latest: JsonObject = {},
): WireMembers {
  const all: Record<string, JsonValue | undefined> = {};
  for (const member of written) {
    const source: Source<unknown> | undefined = members[member];
    const { paths, toWire } = toPlace(member, source ?? z.unknown());
    const own = value[member] as JsonValue | undefined;
    if (paths[0] === undefined || paths[0].length === 0) {
      if (toWire === undefined || paths.length === 0)
        throw new Failure('config_invalid', 'A member that stands nowhere by itself cannot be written', {
          data: { member },
        });
      Object.assign(all, toWire(own as never, connection as never));
      continue;
    }
    const said = own === undefined ? undefined : (toWire?.(own as never, connection as never) ?? own);
    // What is to be absent must be so wherever it would be read.
    const kept =
      own === undefined ? paths : [paths.find((path) => !isAbsent(find(path, latest))) ?? paths[0]];
    for (const [name = '', ...rest] of kept)
      all[name] = withMember(Object.hasOwn(all, name) ? all[name] : latest[name], rest, said as JsonValue);
  }
  return all;
}

/** The object with that member, or without it; undefined where nothing is in it then. */
function withMember(
  held: JsonValue | undefined,
  [name, ...rest]: readonly string[],
  said: JsonValue | undefined,
): JsonValue | undefined {
  if (name === undefined) return said;
  const { [name]: inner, ...others } = isJsonObject(held) ? held : {};
  const member = withMember(inner, rest, said);
  if (member !== undefined) return { ...others, [name]: member };
  return Object.keys(others).length === 0 ? undefined : others;
}

type Issues = readonly z.core.$ZodIssue[];
type Read<T> =
  | { readonly success: true; readonly data: T; readonly issues: Issues }
  | { readonly success: false; readonly issues: Issues };

/**
 * What stands under names of its own is read by one schema, which zod compiles: every record of every page passes here. Each of the rest is
 * looked up.
 */
export function createReader(
  members: Readonly<Record<string, Source<unknown>>>,
): (record: unknown) => Read<Record<string, unknown>> {
  const nameByMember = new Map<string, string>();
  const schemas: Record<string, z.ZodType> = {};
  const others = new Map<string, Place<unknown>>();
  for (const [member, source] of Object.entries(members)) {
    const place = toPlace(member, source);
    const [[name, ...deeper] = [], ...alternatives] = place.paths;
    if (name === undefined || deeper.length + alternatives.length > 0 || Object.hasOwn(schemas, name)) {
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

/** What stands at a place. */
export function readPlace<T>({ paths, schema }: Place<T>, record: unknown): Read<T> {
  const [only = [], ...alternatives] = paths;
  const there = alternatives.length === 0 ? only : paths.find((path) => !isAbsent(find(path, record)));
  // Where several are blank, none of them is what is meant.
  const parsed = schema.safeParse(there === undefined ? undefined : find(there, record));
  if (parsed.success) return { success: true, data: parsed.data, issues: [] };
  return {
    success: false,
    issues: parsed.error.issues.map((issue) => ({ ...issue, path: [...(there ?? only), ...issue.path] })),
  };
}

function find(path: readonly string[], record: unknown): unknown {
  return path.reduce<unknown>(
    (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    record,
  );
}

/** A schema alone is at the member's own name. */
export function toPlace<T>(member: string, source: Source<T>): Place<T> {
  return 'paths' in source ? source : { paths: [[member]], schema: source };
}
