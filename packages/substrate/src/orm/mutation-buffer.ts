import { Failure } from '../failure/failure.ts';
import { type CheckedMutation, checkMutation } from './checked-mutation.ts';
import type { Transaction } from './database.ts';
import type { Mutation, UncheckedRow } from './mutation.ts';
import { requireTable } from './reader.ts';
import type { Schema, Table } from './table.ts';

export interface MutationBuffer {
  /** Gives what was collected; a mutation that comes later (a forgotten `await` in the body) is refused, for it would be lost. */
  close(): readonly CheckedMutation[];
  readonly methods: Pick<Transaction, 'insert' | 'update' | 'upsert' | 'delete' | 'deleteRange'>;
}

/** Collects a transaction's mutations in order; each is checked, and its values copied, when it is given. */
export function createMutationBuffer(schema: Schema): MutationBuffer {
  const mutations: CheckedMutation[] = [];

  let isClosed = false;

  function add(mutation: Mutation): void {
    if (isClosed) throw new Failure('internal', 'A transaction was used after its body had ended');
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
    close() {
      isClosed = true;
      return mutations;
    },
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
