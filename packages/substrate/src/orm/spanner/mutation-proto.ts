import type { protos } from '@google-cloud/spanner';
import type { CheckedMutation } from '../checked-mutation.ts';
import { type SpannerValue, toSpannerValue } from './spanner-value.ts';

export type MutationProto = protos.google.spanner.v1.IMutation;

/** Pure. Mutations as the protocol sends them, in order; neighbours of the same shape share one, which saves repeating the column names. */
export function toMutationProtos(mutations: readonly CheckedMutation[]): MutationProto[] {
  const result: MutationProto[] = [];
  for (let start = 0; start < mutations.length; ) {
    const first = mutations[start];
    if (first === undefined) break;
    let end = start + 1;
    while (isSameShape(first, mutations[end])) end++;
    result.push(toProto(first, mutations.slice(start, end)));
    start = end;
  }
  return result;
}

function toProto({ kind, table, names }: CheckedMutation, group: readonly CheckedMutation[]): MutationProto {
  const values = group.map((mutation) => toListValue(mutation));
  switch (kind) {
    case 'insert':
      return { insert: { table: table.name, columns: [...names], values } };
    case 'update':
      return { update: { table: table.name, columns: [...names], values } };
    case 'upsert':
      return { insertOrUpdate: { table: table.name, columns: [...names], values } };
    case 'delete':
      return { delete: { table: table.name, keySet: { keys: values } } };
    case 'deleteRange':
      return {
        delete: {
          table: table.name,
          keySet: { ranges: values.map((prefix) => ({ startClosed: prefix, endClosed: prefix })) },
        },
      };
  }
}

function toListValue({ values }: CheckedMutation): { values: SpannerValue[] } {
  return { values: values.map(toSpannerValue) };
}

function isSameShape(first: CheckedMutation, other: CheckedMutation | undefined): boolean {
  return (
    other !== undefined &&
    other.kind === first.kind &&
    other.table === first.table &&
    other.names.length === first.names.length &&
    other.names.every((name, position) => name === first.names[position])
  );
}
