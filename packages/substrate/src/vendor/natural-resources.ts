import type { EntityType, EntityValue } from '../model/entity-types.ts';
import { type Collection, defineEntity, type Entity } from './define-entity.ts';
import { defineJoin, type Join } from './join.ts';
import { naturalKeys, type Spelling } from './natural-keys.ts';
import type { Present } from './present.ts';
import { at, type Envelope, type Members, type Place, type Source, type Table } from './record-shape.ts';
import { saidShape } from './said-shape.ts';
import { type Upserted, type Upserts, upsertWrite } from './upsert-write.ts';

type Asked = Readonly<Record<string, string>>;

/** What the resources of a vendor have in common. */
interface Resources<N> extends Spelling {
  readonly list: (connection: N, resource: string, query: Asked) => Collection;
  /** A query that no record answers to: that of an id which is no key of the vendor's. */
  readonly none: Asked;
  /** What all records have. */
  readonly common?: Omit<Envelope, 'id'>;
  readonly own: Upserts<EntityType, N>['own'];
}

/** What an entity has besides its tables. */
interface Further<T extends EntityType, N> {
  /** Whether the vendor has a resource; default yes. */
  readonly isThere?: (resource: string, connection: N) => boolean;
  /** Which of a resource's records are read. */
  readonly query?: (connection: N) => Asked;
  readonly joins?: NonNullable<Entity<T, Entity['wire'], N>['joins']>;
  /** Of an entity that stands in one resource. */
  readonly write?: Upserted<T, N>;
}

/** A resource that says more of an entity's records. */
interface SaidBy<T extends EntityType, R extends string, S extends object, N>
  extends Pick<Join<T, N>, 'members'> {
  /** The reference to the record of which one of the resource tells. */
  readonly of: Place<string>;
  /** By whose key one is known among all that are said; default: by the resource's own. */
  readonly known?: R;
  readonly says: { readonly [M in keyof S]: Source<S[M]> };
  readonly query?: (connection: N) => Asked;
  readonly add: (value: EntityValue<T>, said: readonly Present<S>[]) => EntityValue<T>;
}

/**
 * Pure. For vendors that know all records by natural keys (`naturalKeys`, which this returns as well) and have one list a resource. Of an entity
 * its tables are left to say, one for each resource in which it stands: where its records are, how one is found by its key, and how it is
 * written follow from the keys.
 *
 * ```ts
 * const { defineResource, to } = naturalResources(keys, { list, none: { limit: '0' }, own: { id: 'id', etag: '_etag', others: [] } });
 * defineResource('class', { sections: { title: at('name', Text), courseSourcedId: to('course', 'courses') } });
 * ```
 */
export function naturalResources<R extends string, N>(
  keys: Readonly<Record<R, string>>,
  { list, none, common = {}, own, ...spelling }: Resources<N>,
) {
  const natural = naturalKeys<R>(keys, spelling);
  const { idOf, queryOf, shapeOf, IdOf } = natural;

  /** Which resource a record is of, shows in the key that it has. */
  function defineResource<T extends EntityType>(
    entityType: T,
    tables: { readonly [Resource in R]?: Table<T> },
    { isThere = () => true, query = () => ({}), joins, write }: Further<T, N> = {},
  ) {
    const names = Object.keys(tables) as [R, ...R[]];
    const [first] = names;
    const lists = (connection: N) => names.filter((name) => isThere(name, connection));
    const one = (id: string, connection: N) =>
      list(connection, first, { ...query(connection), ...(queryOf(first, id) ?? none) });
    const written = {
      table: tables[first] as Members<EntityValue<T>>,
      list: (connection: N) => list(connection, first, {}),
      one,
      idOf: (record: unknown) => idOf(first, record),
      own,
    };
    return defineEntity({
      ...(joins === undefined ? {} : { joins }),
      ...shapeOf(entityType, tables, common),
      collection: (connection: N, name) => list(connection, name || first, query(connection)),
      ...(names.length > 1 ? { lists } : { one }),
      ...(write === undefined ? {} : { write: upsertWrite<T, N>({ ...written, ...write }) }),
    });
  }

  /** A join of what each record of a resource says of the one that it refers to. */
  function defineSaid<T extends EntityType, S extends object>(
    entityType: T,
    resource: R,
    { of, known = resource, says, query = () => ({}), members, add }: SaidBy<T, R, S, N>,
  ): Join<T, N> {
    return defineJoin(entityType, {
      ...saidShape<S>({ id: at('', IdOf(known, false)), key: of }, says),
      collection: (connection: N) => list(connection, resource, query(connection)),
      members,
      add,
    });
  }

  return { ...natural, defineResource, defineSaid };
}
