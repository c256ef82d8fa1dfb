import {
  type BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  DefaultQueryCompiler,
  type DeleteQueryNode,
  type InsertQueryNode,
  type OnConflictNode,
  OperatorNode,
  OrActionNode,
  PrimitiveValueListNode,
  ReferenceNode,
  type ReturningNode,
  type UpdateQueryNode,
  ValueNode,
  WhereNode,
} from 'kysely';
import { Failure } from '../../failure/failure.ts';
import { commitTime } from '../columns.ts';
import { isTypedValue } from '../kysely/typed-value.ts';
import type { Schema } from '../table.ts';

/**
 * Kysely's tree as GoogleSQL, in the part that both production and the emulator understand
 * (cloud.google.com/spanner/docs/reference/standard-sql/dml-syntax).
 */
export class SpannerQueryCompiler extends DefaultQueryCompiler {
  readonly #schema: Schema;

  constructor(schema: Schema) {
    super();
    this.#schema = schema;
  }

  protected override getLeftIdentifierWrapper(): string {
    return '`';
  }

  protected override getRightIdentifierWrapper(): string {
    return '`';
  }

  protected override sanitizeIdentifier(identifier: string): string {
    return escapeText(identifier, '`');
  }

  protected override sanitizeStringLiteral(value: string): string {
    return escapeText(value, "'");
  }

  protected override getCurrentParameterPlaceholder(): string {
    return `@p${this.numParameters}`;
  }

  protected override appendValue(parameter: unknown): void {
    if (isTypedValue(parameter) && parameter.plain === commitTime) this.append('PENDING_COMMIT_TIMESTAMP()');
    else super.appendValue(parameter);
  }

  protected override visitOrAction(node: OrActionNode): void {
    this.append(`or ${node.action}`);
  }

  protected override visitReturning(node: ReturningNode): void {
    this.append('then return ');
    this.compileList(node.selections);
  }

  /** GoogleSQL knows no empty list: nothing is in it. */
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const { operator, rightOperand } = node;
    const isEmpty = PrimitiveValueListNode.is(rightOperand) && rightOperand.values.length === 0;
    if (isEmpty && OperatorNode.is(operator) && operator.operator === 'in') this.append('false');
    else if (isEmpty && OperatorNode.is(operator) && operator.operator === 'not in') this.append('true');
    else super.visitBinaryOperation(node);
  }

  /** GoogleSQL demands a WHERE of every update and delete. */
  protected override visitUpdateQuery(node: UpdateQueryNode): void {
    super.visitUpdateQuery(node.where === undefined ? { ...node, where: everywhere } : node);
  }

  protected override visitDeleteQuery(node: DeleteQueryNode): void {
    super.visitDeleteQuery(node.where === undefined ? { ...node, where: everywhere } : node);
  }

  /** The emulator lacks ON CONFLICT; both have INSERT OR IGNORE and INSERT OR UPDATE, which go by the primary key. */
  protected override visitInsertQuery(node: InsertQueryNode): void {
    if (node.onConflict === undefined) return super.visitInsertQuery(node);
    const { onConflict, ...rest } = node;
    super.visitInsertQuery({
      ...rest,
      orAction: OrActionNode.create(this.#conflictAction(node, onConflict)),
    });
  }

  #conflictAction(node: InsertQueryNode, conflict: OnConflictNode): 'ignore' | 'update' {
    const table = this.#schema.find((candidate) => candidate.name === node.into?.table.identifier.name);
    const key = new Set<string>(table?.primaryKey.map((part) => part.column));
    const target = conflict.columns?.map((column) => column.column.name) ?? [];
    if (target.length !== key.size || !target.every((name) => key.has(name)))
      throw refuse('it names other columns than the primary key');
    if (conflict.updateWhere !== undefined || conflict.indexWhere !== undefined)
      throw refuse('it has a condition');
    if (conflict.doNothing === true) return 'ignore';
    const inserted = (node.columns ?? [])
      .map((column) => column.column.name)
      .filter((name) => !key.has(name));
    const updated = new Set((conflict.updates ?? []).map(toExcludedName));
    if (updated.size !== inserted.length || !inserted.every((name) => updated.has(name))) {
      throw refuse('it does not set every inserted column to its excluded value');
    }
    return 'update';
  }
}

const everywhere = WhereNode.create(ValueNode.createImmediate(true));

/** The column of `x = excluded.x`; undefined for any other assignment. */
function toExcludedName({ column, value }: ColumnUpdateNode): string | undefined {
  if (!ColumnNode.is(column) || !ReferenceNode.is(value) || !ColumnNode.is(value.column)) return undefined;
  const isExcluded = value.table?.table.identifier.name === 'excluded';
  return isExcluded && value.column.column.name === column.column.name ? column.column.name : undefined;
}

function escapeText(text: string, quote: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

function refuse(problem: string): Failure {
  return new Failure(
    'invalid_params',
    'Spanner has no such ON CONFLICT: use mutations, or update every column from excluded',
    { data: { problem } },
  );
}
