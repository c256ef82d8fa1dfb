import type { Collection } from './define-entity.ts';

/** Pure. Where an entity's list is, and below it each of its records by its id, asked for in the same way. */
export function readFrom<N>(listOf: (connection: N) => Collection) {
  return {
    collection: listOf,
    one: (id: string, connection: N): Collection => below(listOf(connection), id),
  };
}

/** Pure. One record of a list. */
export function below({ query: _query, paging: _paging, path, ...list }: Collection, id: string): Collection {
  return { ...list, path: `${path}/${encodeURIComponent(id)}` };
}
