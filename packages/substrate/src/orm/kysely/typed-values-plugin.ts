import {
  AndNode,
  type BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  PrimitiveValueListNode,
  type QueryId,
  ReferenceNode,
  type SelectQueryNode,
  TupleNode,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely';
import { Failure } from '../../failure/failure.ts';
import { type Column, commitTime } from '../columns.ts';
import type { Schema } from '../table.ts';
import {
  columnOf,
  isQueryNode,
  outputColumns,
  type QueryScope,
  queryScope,
  schemaScope,
} from './query-scope.ts';
import { isTypedValue, type TypedValue, toComparedValue, toStoredValue } from './typed-value.ts';

/**
 * Pure. Gives each value in a query the type of the column that it is stored in or compared with, so that both dialects can send it in that
 * column's form: an instant with nine decimals, a null of the right type. A value beside no column (in raw SQL, say) stays as it is.
 * Refuses a query that touches an encrypted column.
 */
export function createTypedValuesPlugin(schema: Schema): KyselyPlugin {
  return {
    transformQuery: ({ node, queryId }) => {
      if (isQueryNode(node)) refuseEncryptedOutput(schema, node);
      return new TypedValues(schemaScope(schema)).transformNode(node, queryId);
    },
    transformResult: async ({ result }) => result,
  };
}

/** Pure. The columns of a query's result by name, as far as the schema tells their types. */
export function resultColumns(schema: Schema, node: OperationNode): ReadonlyMap<string, Column | undefined> {
  return isQueryNode(node) ? outputColumns(node, schemaScope(schema)) : new Map();
}

function refuseEncryptedOutput(schema: Schema, node: OperationNode): void {
  for (const [name, column] of resultColumns(schema, node)) refuseEncrypted(name, column);
}

function refuseEncrypted(name: string, column: Column | undefined): void {
  if (column?.kind !== 'encrypted') return;
  throw new Failure(
    'invalid_params',
    'An encrypted column cannot be queried: read it by get, getMany or scan, and name the columns of a select',
    {
      data: { column: name },
    },
  );
}

class TypedValues extends OperationNodeTransformer {
  #scope: QueryScope;

  constructor(scope: QueryScope) {
    super();
    this.#scope = scope;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    return this.#within(node, () => super.transformSelectQuery(node, queryId));
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    return this.#within(node, () => super.transformDeleteQuery(node, queryId));
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    return this.#within(node, () => super.transformUpdateQuery(node, queryId));
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    return this.#within(node, () => {
      const typed = super.transformInsertQuery(node, queryId);
      if (typed.columns === undefined || typed.values === undefined) return typed;
      if (!ValuesNode.is(typed.values)) return typed;
      const names = typed.columns.map((column) => column.column.name);
      const rows = typed.values.values.map((row) => this.#typeRow(row, names));
      refuseMixedCommitTimes(names, rows);
      return { ...typed, values: ValuesNode.create(rows) };
    });
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, queryId?: QueryId): ColumnUpdateNode {
    const typed = super.transformColumnUpdate(node, queryId);
    return { ...typed, value: this.#typeOperand(typed.value, typed.column, toStoredValue) };
  }

  protected override transformBinaryOperation(
    node: BinaryOperationNode,
    queryId?: QueryId,
  ): BinaryOperationNode {
    const typed = super.transformBinaryOperation(node, queryId);
    return {
      ...typed,
      leftOperand: this.#typeOperand(typed.leftOperand, typed.rightOperand, toComparedValue),
      rightOperand: this.#typeOperand(typed.rightOperand, typed.leftOperand, toComparedValue),
    };
  }

  protected override transformReference(node: ReferenceNode, queryId?: QueryId): ReferenceNode {
    if (ColumnNode.is(node.column)) refuseEncrypted(node.column.column.name, columnOf(node, this.#scope));
    return super.transformReference(node, queryId);
  }

  protected override transformColumn(node: ColumnNode, queryId?: QueryId): ColumnNode {
    // A column inside a reference is looked up with its table, above.
    const isInReference = this.nodeStack.at(-2)?.kind === 'ReferenceNode';
    if (!isInReference) refuseEncrypted(node.column.name, columnOf(node, this.#scope));
    return super.transformColumn(node, queryId);
  }

  #within<Node extends SelectQueryNode | InsertQueryNode | UpdateQueryNode | DeleteQueryNode>(
    node: Node,
    transform: () => Node,
  ): Node {
    const outer = this.#scope;
    this.#scope = queryScope(node, outer);
    try {
      return transform();
    } finally {
      this.#scope = outer;
    }
  }

  #typeRow(row: ValueListNode | PrimitiveValueListNode, names: readonly string[]): ValueListNode {
    const items = PrimitiveValueListNode.is(row)
      ? row.values.map((value) => ValueNode.create(value))
      : row.values;
    return ValueListNode.create(
      items.map((item, position) =>
        this.#typeOperand(item, ColumnNode.create(names[position] ?? ''), toStoredValue),
      ),
    );
  }

  /** The operand with its values typed as `beside`, the other side, is. */
  #typeOperand(operand: OperationNode, beside: OperationNode, toTyped: typeof toStoredValue): OperationNode {
    if (AndNode.is(operand)) {
      // BETWEEN holds its two bounds in an `and`.
      return AndNode.create(
        this.#typeOperand(operand.left, beside, toTyped),
        this.#typeOperand(operand.right, beside, toTyped),
      );
    }
    if (TupleNode.is(beside)) return this.#typeTuples(operand, beside, toTyped);
    if (ValueListNode.is(operand)) {
      return ValueListNode.create(operand.values.map((item) => this.#typeOperand(item, beside, toTyped)));
    }
    if (!isValue(operand)) return operand;
    const column = columnOf(beside, this.#scope);
    if (column === undefined) return operand;
    const toNode = (value: unknown): unknown => toTypedValue(column, value, nameOf(beside), toTyped);
    return ValueNode.is(operand)
      ? ValueNode.create(toNode(operand.value))
      : PrimitiveValueListNode.create(operand.values.map(toNode));
  }

  #typeTuples(operand: OperationNode, beside: TupleNode, toTyped: typeof toStoredValue): OperationNode {
    if (ValueListNode.is(operand)) {
      return ValueListNode.create(operand.values.map((item) => this.#typeTuples(item, beside, toTyped)));
    }
    if (!TupleNode.is(operand)) return operand;
    return TupleNode.create(
      operand.values.map((item, position) => {
        const column = beside.values[position];
        return column === undefined ? item : this.#typeOperand(item, column, toTyped);
      }),
    );
  }
}

/** Spanner takes the time of the commit for all rows of a statement or for none; refused on both, so that a test on SQLite shows it. */
function refuseMixedCommitTimes(names: readonly string[], rows: readonly ValueListNode[]): void {
  for (const [position, column] of names.entries()) {
    const committed = rows.filter((row) => isCommitTime(row.values[position]));
    if (committed.length === 0 || committed.length === rows.length) continue;
    throw new Failure(
      'invalid_params',
      'An insert gives commitTime for some of its rows only: use two inserts, or mutations',
      {
        data: { column },
      },
    );
  }
}

function isCommitTime(node: OperationNode | undefined): boolean {
  return (
    node !== undefined && ValueNode.is(node) && isTypedValue(node.value) && node.value.plain === commitTime
  );
}

function isValue(node: OperationNode): node is ValueNode | PrimitiveValueListNode {
  return PrimitiveValueListNode.is(node) || (ValueNode.is(node) && node.immediate !== true);
}

function toTypedValue(
  column: Column,
  value: unknown,
  name: string,
  toTyped: typeof toStoredValue,
): TypedValue {
  return isTypedValue(value) ? value : toTyped(column, value, { table: 'query', column: name });
}

function nameOf(node: OperationNode): string {
  if (ColumnNode.is(node)) return node.column.name;
  return ReferenceNode.is(node) && ColumnNode.is(node.column) ? node.column.column.name : node.kind;
}
