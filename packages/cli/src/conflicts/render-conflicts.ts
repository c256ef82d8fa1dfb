import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { callRecord } from '@flotilla/substrate/report/call-record';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { callCustomer, type OfCustomer } from '../output/call-customer.ts';
import { shortId } from '../output/show-moment.ts';
import { showInCell } from '../output/show-value.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { ConflictAnswer } from '../rpc/answers.ts';

/** A conflict, and whose it is. */
export type CustomerConflict = ConflictAnswer & OfCustomer;

/** Records one after the other, each with its fields: base, ours and theirs side by side. */
export function renderConflicts(
  conflicts: readonly CustomerConflict[],
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
  const records = Map.groupBy(conflicts, titleOf);
  const fieldWidth = Math.max(14, Math.floor(width / 6));
  // Beside the id, the field and the state, with two blanks between columns.
  const valueWidth = Math.max(10, Math.floor((width - 8 - fieldWidth - stateWidth - 10) / 3));
  return [...records]
    .map(([title, ofRecord]) => {
      const rows = ofRecord.flatMap((conflict) =>
        linesOf(conflict).map((line, index) => [
          index === 0 ? shortId(conflict.conflictId) : '',
          wrapText(toPlainText(line.field), fieldWidth, 4),
          ...[line.base, line.ours, line.theirs].map((value) => showInCell(value, valueWidth)),
          index === 0 ? describeState(conflict) : '',
        ]),
      );
      const columns = ['conflict', 'field', 'base', 'ours', 'theirs', 'state'].map((name) => ({
        title: name,
      }));
      return `${colors.bold(title)}\n${renderTable(columns, rows, colors)}`;
    })
    .join('\n\n');
}

const stateWidth = 14;

function titleOf({ customerId, customerName, integrationId, ...record }: CustomerConflict): string {
  return `${callCustomer({ customerId, customerName })} / ${integrationId}: ${callRecord(record)}`;
}

function describeState({ state, decision }: ConflictAnswer): string {
  if (state !== 'decided' || decision === null) return state;
  return `decided: ${typeof decision.choice === 'string' ? decision.choice : 'a value'}`;
}

interface ConflictLine {
  readonly field: string;
  readonly base?: JsonValue | undefined;
  readonly ours?: JsonValue | undefined;
  readonly theirs?: JsonValue | undefined;
}

/** One of a field. Of a whole record, whether each side has it, and then the fields that there is something to say of. */
function linesOf({ pointer, sides }: ConflictAnswer): readonly ConflictLine[] {
  if (pointer !== '') return [{ field: pointer, ...sides }];
  const { base, ours, theirs } = sides;
  const are = { base: isThere(base), ours: isThere(ours), theirs: isThere(theirs) };
  const first = { field: 'the record', ...are };
  if (isJsonObject(ours) && isJsonObject(theirs)) {
    const fields = diffFields(ours, theirs);
    return [
      first,
      ...fields.map(({ pointer: field, before, after }) => ({ field, ours: before, theirs: after })),
    ];
  }
  const left: 'ours' | 'theirs' = isJsonObject(ours) ? 'ours' : 'theirs';
  return [
    first,
    ...diffFields(objectOf(base), objectOf(sides[left])).map(({ pointer: field, before, after }) => ({
      field,
      base: before,
      [left]: after,
    })),
  ];
}

function isThere(side: JsonValue | undefined): string | undefined {
  return side === undefined ? undefined : 'there';
}

function objectOf(side: JsonValue | undefined): JsonObject | null {
  return isJsonObject(side) ? side : null;
}
