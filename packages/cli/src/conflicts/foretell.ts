import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { showValue } from '../output/show-value.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { Decision } from './parse-decision.ts';

export interface ForetoldDecision extends Decision {
  /** Whether the settings let records of this entity type be written to the vendor. */
  readonly isWrittenBack: boolean;
}

/** What the run that follows the decisions does on either side, as far as what was seen still holds then. */
export function renderForetold(
  decisions: readonly ForetoldDecision[],
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
  const nameWidth = Math.max(14, Math.floor(width / 6));
  const sideWidth = Math.max(14, Math.floor((width - 2 * nameWidth - 6) / 2));
  const rows = decisions.map((decision) => {
    const { entityType, recordId, pointer } = decision.conflict;
    const { ours, theirs } = foretell(decision);
    return [
      wrapText(toPlainText(`${entityType} ${recordId}`), nameWidth, 3),
      wrapText(toPlainText(pointer === '' ? 'the record' : pointer), nameWidth, 3),
      wrapText(ours, sideWidth, 4),
      wrapText(theirs, sideWidth, 4),
    ];
  });
  const columns = ['record', 'field', 'on our side', 'at the vendor'].map((title) => ({ title }));
  return renderTable(columns, rows, colors);
}

/** Pure. In words, for each side. */
function foretell({ conflict, choice, isWrittenBack }: ForetoldDecision): {
  readonly ours: string;
  readonly theirs: string;
} {
  const { ours, theirs } = conflict.sides;
  const result = choice === 'ours' ? ours : choice === 'theirs' ? theirs : choice.value;
  const atVendor = describe(theirs, result);
  const { entityType } = conflict;
  return {
    ours: describe(ours, result),
    theirs:
      isWrittenBack || isSame(theirs, result)
        ? atVendor
        : `stays ${show(theirs)}: ${entityType} is not written back`,
  };
}

function describe(before: JsonValue | undefined, after: JsonValue | undefined): string {
  if (isSame(before, after)) return `stays ${show(before)}`;
  if (after === undefined) return `${show(before)} is removed`;
  return `${show(before)} → ${show(after)}`;
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function show(value: JsonValue | undefined): string {
  return showValue(value, 'as it is, absent');
}
