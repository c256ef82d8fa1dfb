import { type CheckedMutation, checkMutation } from './checked-mutation.ts';
import type { Transaction } from './database.ts';
import type { Mutation, UncheckedRow } from './mutation.ts';
import { requireTable } from './reader.ts';
import type { Schema, Table } from './table.ts';

export interface MutationBuffer {
  readonly mutations: readonly CheckedMutation[];
  readonly methods: Pick<Transaction, 'insert' | 'update' | 'upsert' | 'delete' | 'deleteRange'>;
}

/** Collects a transaction's mutations in order; each is checked, and its values copied, when it is given. */
export function createMutationBuffer(schema: Schema): MutationBuffer {
  const mutations: CheckedMutation[] = [];

  function add(mutation: Mutation): void {
    requireTable(schema, mutation.table);
    mutations.push(checkMutation(mutation));
  }

  function addRows(
    kind: 'insert' | 'update' | 'upsert',
    table: Table,
    rows: UncheckedRow | readonly UncheckedRow[],
  ): void {
    for (const row of toList(rows)) add({ kind, table, row });
  }

  return {
    mutations,
    methods: {
      insert: (table, rows) => addRows('insert', table, rows),
      update: (table, rows) => addRows('update', table, rows),
      upsert: (table, rows) => addRows('upsert', table, rows),
      delete: (table: Table, keys: UncheckedRow | readonly UncheckedRow[]) => {
        for (const key of toList(keys)) add({ kind: 'delete', table, key });
      },
      deleteRange: (table, prefix) => add({ kind: 'deleteRange', table, prefix }),
    },
  };
}

function toList(rows: UncheckedRow | readonly UncheckedRow[]): readonly UncheckedRow[] {
  return Array.isArray(rows) ? rows : [rows as UncheckedRow];
}
