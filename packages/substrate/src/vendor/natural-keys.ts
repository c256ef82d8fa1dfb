import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { digestText } from '../json/digest.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { Reading } from './define-entity.ts';
import {
  at,
  type Envelope,
  type Place,
  recordShape,
  type Shape,
  shapeAmong,
  type Table,
} from './record-shape.ts';

/** The parts of a key, side by side. */
export type Key = Readonly<Record<string, string | number>>;

/**
 * The ids of records that a vendor names by what they say, not by ids that it gave them: references are made of the same members, writes are
 * upserts by them, and a record that is deleted and sent again keeps its key.
 */
export interface NaturalKeys<R extends string> {
  /** The id of a record; undefined where a part of its key is missing. With `isFlat`, all parts stand side by side, as in references. */
  readonly idOf: (resource: string, record: unknown, isFlat?: boolean) => string | undefined;
  /** The key that an id was made of; undefined for an id that names none of these. */
  readonly keyOf: (resource: R, id: string) => Key | undefined;
  /** As `keyOf`. Throws `push_rejected` for an id that the vendor cannot know. */
  readonly referenceTo: (resource: R, id: string) => Key;
  /** The key as a query asks for it; undefined for an id that names none of these. */
  readonly queryOf: (resource: R, id: string) => Readonly<Record<string, string>> | undefined;
  /** An entity that stands in one or several resources: each record by the table of the one whose key it has, else by the first. */
  readonly shapeOf: <T extends EntityType>(
    entityType: T,
    tables: { readonly [Resource in R]?: Table<T> },
    common?: Omit<Envelope, 'id'>,
  ) => Shape<T, Reading<T> | undefined>;
  /** For tables: the record's own id, or that of the record which a reference names. */
  readonly IdOf: (resource: R, isFlat?: boolean) => z.ZodType<string>;
  /** For tables: a reference, read to the id of what it names. Longer ones name what is above it as well. */
  readonly to: (path: string, resource: R) => Place<string>;
}

/** How parts of keys are spelled. */
export interface Spelling {
  /** A part of a key as it stands in ids, by its name; default as it is. */
  readonly read?: (name: string, text: string) => string;
  /** Whether the vendor has it as a number. */
  readonly isNumber?: (name: string) => boolean;
}

/**
 * Pure. Ids of natural keys: what names a record of each resource, in the order of its id, with a slash between. `r{a b}`: a and b stand in the
 * object r. `a?` may be absent, `a|b` is whichever is there, `=a` is the text a, for records that would have the ids of others.
 *
 * ```ts
 * naturalKeys({ students: 'number', staff: '=staff number', seats: 'student{number} room' })
 * ```
 */
export function naturalKeys<R extends string>(
  keys: Readonly<Record<R, string>>,
  { read = (_name, text) => text, isNumber = () => false }: Spelling = {},
): NaturalKeys<R> {
  const partsOf = new Map(
    Object.entries<string>(keys).map(([resource, key]) => [resource, partsIn(key)] as const),
  );

  function textIn(place: JsonValue | undefined, name: string): string | undefined {
    const value = memberOf(place, name);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    const part = text === '' ? undefined : read(name, text);
    // None is longer; the id of such a one would be a digest, and look sound.
    return part !== undefined && part.length > 255 ? undefined : part;
  }

  function idOf(resource: string, record: unknown, isFlat = false): string | undefined {
    const found: string[] = [];
    for (const { reference, names, isOptional, text } of partsOf.get(resource) ?? []) {
      const whole = record as JsonValue;
      const place = reference === undefined || isFlat ? whole : memberOf(whole, reference);
      const part = text ?? names.map((name) => textIn(place, name)).find((one) => one !== undefined);
      if (part === undefined && !isOptional) return undefined;
      if (part !== undefined) found.push(part.replace(/[%/]/g, encodeURIComponent));
    }
    const id = found.join('/');
    // Longer than an id may be: such a record can be read and referred to; what has to name its key can not be written.
    return id.length <= 255 ? id : `~${digestText(id)}`;
  }

  function keyOf(resource: R, id: string): Key | undefined {
    const parts = partsOf.get(resource) ?? [];
    const found = id.split('/');
    if (found.length !== parts.length || id.startsWith('~')) return undefined;
    const members = parts.flatMap(({ names: [name = ''], text }, index): [string, string | number][] => {
      const part = decodeURIComponent(found[index] ?? '');
      return text === undefined ? [[name, isNumber(name) ? Number(part) : part]] : [];
    });
    return Object.fromEntries(members);
  }

  function referenceTo(resource: R, id: string): Key {
    const key = keyOf(resource, id);
    if (key !== undefined) return key;
    throw new Failure('push_rejected', 'The record points to one whose key at the vendor is not known', {
      data: { id },
    });
  }

  function IdOf(resource: R, isFlat = true): z.ZodType<string> {
    return z.unknown().transform((record, context): string => {
      const id = idOf(resource, record, isFlat);
      if (id === undefined)
        context.addIssue({ code: 'custom', message: `It lacks the key of ${resource}: ${keys[resource]}` });
      return id ?? z.NEVER;
    });
  }

  function shapeOf<T extends EntityType>(
    entityType: T,
    tables: { readonly [Resource in R]?: Table<T> },
    common: Omit<Envelope, 'id'> = {},
  ) {
    const resources = Object.keys(tables) as R[];
    const shapes = new Map(
      resources.map((resource) => {
        const shape = recordShape({ ...common, id: at('', IdOf(resource, false)) });
        return [resource, shape(entityType, tables[resource] as Table<T>)];
      }),
    );
    return shapeAmong(entityType, (record) =>
      shapes.get(resources.find((resource) => idOf(resource, record) !== undefined) ?? (resources[0] as R)),
    );
  }

  return {
    idOf,
    keyOf,
    queryOf: (resource, id) => {
      const key = keyOf(resource, id);
      return key && Object.fromEntries(Object.entries(key).map(([name, part]) => [name, String(part)]));
    },
    shapeOf,
    referenceTo,
    IdOf,
    to: (path, resource) => at(path, IdOf(resource), (id) => referenceTo(resource, id)),
  };
}

function partsIn(key: string) {
  return [...key.matchAll(/(?:(\w+)\{([^}]+)\})|(\S+)/g)].flatMap(([, reference, inner, own = '']) =>
    (inner ?? own).split(' ').map((name) => ({
      reference,
      names: name.replace('?', '').split('|'),
      isOptional: name.endsWith('?'),
      text: name.startsWith('=') ? name.slice(1) : undefined,
    })),
  );
}

function memberOf(place: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(place) && Object.hasOwn(place, name) ? place[name] : undefined;
}
