import {
  AggregateFunctionNode,
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  DeleteQueryNode,
  FunctionNode,
  IdentifierNode,
  InsertQueryNode,
  ListNode,
  type OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  ReferenceNode,
  SelectAllNode,
  type SelectionNode,
  SelectQueryNode,
  TableNode,
  UnaryOperationNode,
  UpdateQueryNode,
} from 'kysely';
import { bool, type Column } from '../columns.ts';
import type { Schema } from '../table.ts';

/** Pure. The columns that a table, a subquery or a common table expression offers, by name; undefined where the type is not known. */
export type Source = ReadonlyMap<string, Column | undefined>;

/** What the names in one query refer to; names that it does not know are looked up in the query around it. */
export interface QueryScope {
  /** By alias, else by table name. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Tables and common table expressions that can be named in FROM. */
  readonly tables: ReadonlyMap<string, Source>;
  readonly outer: QueryScope | undefined;
}

type QueryNode = SelectQueryNode | InsertQueryNode | UpdateQueryNode | DeleteQueryNode;

export function schemaScope(schema: Schema): QueryScope {
  const tables = schema.map((table) => [table.name, new Map(Object.entries(table.columns))] as const);
  return { sources: new Map(), tables: new Map(tables), outer: undefined };
}

export function isQueryNode(node: OperationNode): node is QueryNode {
  return (
    SelectQueryNode.is(node) ||
    InsertQueryNode.is(node) ||
    UpdateQueryNode.is(node) ||
    DeleteQueryNode.is(node)
  );
}

export function queryScope(node: QueryNode, outer: QueryScope): QueryScope {
  const tables = new Map(outer.tables);
  for (const { name, expression } of node.with?.expressions ?? []) {
    const scope = { sources: new Map(), tables, outer };
    if (isQueryNode(expression)) tables.set(tableName(name.table), outputColumns(expression, scope));
  }
  const sources = new Map<string, Source>();
  const scope = { sources, tables, outer };
  for (const named of namedTables(node)) {
    const [alias, source] = toSource(named, scope);
    sources.set(alias, source);
    if (InsertQueryNode.is(node)) sources.set('excluded', source);
  }
  return scope;
}

/** Pure. The columns of the query's result in order; undefined where an expression's type is not known. */
export function outputColumns(node: QueryNode, outer: QueryScope): Source {
  const scope = queryScope(node, outer);
  const selections = SelectQueryNode.is(node) ? node.selections : node.returning?.selections;
  const columns = new Map<string, Column | undefined>();
  for (const { selection } of selections ?? []) addSelection(selection, scope, columns);
  return columns;
}

/** Pure. The column that an expression has the type of. */
export function columnOf(node: OperationNode, scope: QueryScope): Column | undefined {
  if (ReferenceNode.is(node)) {
    return ColumnNode.is(node.column) ? findColumn(node.column.column.name, node.table, scope) : undefined;
  }
  if (ColumnNode.is(node)) return findColumn(node.column.name, undefined, scope);
  if (ParensNode.is(node)) return columnOf(node.node, scope);
  if (AliasNode.is(node)) return columnOf(node.node, scope);
  if (AggregateFunctionNode.is(node)) return ofFirst(node.func, ['min', 'max'], node.aggregated, scope);
  if (FunctionNode.is(node)) return ofFirst(node.func, ['coalesce'], node.arguments, scope);
  if (isCondition(node)) return bool();
  if (SelectQueryNode.is(node)) return [...outputColumns(node, scope).values()][0];
  return undefined;
}

function namedTables(node: QueryNode): readonly OperationNode[] {
  const joined = InsertQueryNode.is(node) ? [] : (node.joins ?? []).map((join) => join.table);
  if (SelectQueryNode.is(node)) return [...(node.from?.froms ?? []), ...joined];
  if (DeleteQueryNode.is(node)) return [...node.from.froms, ...(node.using?.tables ?? []), ...joined];
  if (InsertQueryNode.is(node)) return node.into === undefined ? [] : [node.into];
  const updated = node.table === undefined ? [] : ListNode.is(node.table) ? node.table.items : [node.table];
  return [...updated, ...(node.from?.froms ?? []), ...joined];
}

function toSource(node: OperationNode, scope: QueryScope): readonly [string, Source] {
  if (TableNode.is(node)) return [tableName(node), scope.tables.get(tableName(node)) ?? new Map()];
  if (!AliasNode.is(node)) return ['', new Map()];
  const alias = IdentifierNode.is(node.alias) ? node.alias.name : '';
  const inner = ParensNode.is(node.node) ? node.node.node : node.node;
  if (TableNode.is(inner)) return [alias, scope.tables.get(tableName(inner)) ?? new Map()];
  return [alias, isQueryNode(inner) ? outputColumns(inner, scope) : new Map()];
}

function addSelection(
  selection: SelectionNode['selection'],
  scope: QueryScope,
  columns: Map<string, Column | undefined>,
): void {
  if (SelectAllNode.is(selection)) {
    for (const source of scope.sources.values())
      for (const [name, column] of source) columns.set(name, column);
  } else if (ReferenceNode.is(selection) && SelectAllNode.is(selection.column)) {
    const source = selection.table === undefined ? undefined : scope.sources.get(tableName(selection.table));
    for (const [name, column] of source ?? []) columns.set(name, column);
  } else if (AliasNode.is(selection)) {
    if (IdentifierNode.is(selection.alias))
      columns.set(selection.alias.name, columnOf(selection.node, scope));
  } else if (ReferenceNode.is(selection) && ColumnNode.is(selection.column)) {
    columns.set(selection.column.column.name, columnOf(selection, scope));
  } else if (ColumnNode.is(selection)) {
    columns.set(selection.column.name, columnOf(selection, scope));
  }
}

function findColumn(name: string, table: TableNode | undefined, scope: QueryScope): Column | undefined {
  for (let at: QueryScope | undefined = scope; at !== undefined; at = at.outer) {
    if (table !== undefined) {
      const source = at.sources.get(tableName(table));
      if (source !== undefined) return source.get(name);
      continue;
    }
    for (const [alias, source] of at.sources)
      if (alias !== 'excluded' && source.has(name)) return source.get(name);
  }
  return undefined;
}

function ofFirst(
  called: string,
  known: readonly string[],
  values: readonly OperationNode[],
  scope: QueryScope,
): Column | undefined {
  const first = values[0];
  return first !== undefined && known.includes(called.toLowerCase()) ? columnOf(first, scope) : undefined;
}

const conditions = new Set([
  '=',
  '==',
  '!=',
  '<>',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not in',
  'is',
  'is not',
  'like',
  'not like',
  'between',
  'exists',
  'not exists',
  'not',
]);

function isCondition(node: OperationNode): boolean {
  if (AndNode.is(node) || OrNode.is(node)) return true;
  if (!BinaryOperationNode.is(node) && !UnaryOperationNode.is(node)) return false;
  return OperatorNode.is(node.operator) && conditions.has(node.operator.operator);
}

function tableName(node: TableNode): string {
  return node.table.identifier.name;
}
