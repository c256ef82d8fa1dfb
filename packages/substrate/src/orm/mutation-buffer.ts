import { Failure } from '../failure/failure.ts';
import { type CheckedMutation, checkMutation } from './checked-mutation.ts';
import { countBytes, countMutations } from './chunk-mutations.ts';
import type { Transaction } from './database.ts';
import type { Mutation, UncheckedRow } from './mutation.ts';
import { requireTable } from './reader.ts';
import type { Schema, Table } from './table.ts';

export interface MutationBuffer {
  /** Gives what was collected; a mutation that comes later (a forgotten `await` in the body) is refused, for it would be lost. */
  close(): readonly CheckedMutation[];
  readonly methods: Pick<Transaction, 'insert' | 'update' | 'upsert' | 'delete' | 'deleteRange'>;
}

/** What Spanner refuses a commit above (https://cloud.google.com/spanner/quotas#limits-for). Its emulator and SQLite would take more. */
const mostMutations = 80_000;
const mostBytes = 100 * 1024 * 1024;

/**
 * Collects a transaction's mutations in order; each is checked, and its values copied, when it is given.
 * Fails with `too_large` at the one that no commit could carry.
 */
export function createMutationBuffer(schema: Schema): MutationBuffer {
  const mutations: CheckedMutation[] = [];

  let isClosed = false;
  let count = 0;
  let bytes = 0;

  function add(mutation: Mutation): void {
    if (isClosed) throw new Failure('internal', 'A transaction was used after its body had ended');
    requireTable(schema, mutation.table);
    const checked = checkMutation(mutation);
    count += countMutations(checked);
    bytes += countBytes(checked);
    if (count > mostMutations || bytes > mostBytes) {
      throw new Failure('too_large', 'A transaction writes more than one commit may carry', {
        data: { table: mutation.table.name, mutations: count, mostMutations, bytes, mostBytes },
      });
    }
    mutations.push(checked);
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
