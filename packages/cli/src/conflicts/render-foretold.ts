import { callRecord } from '@flotilla/substrate/report/call-record';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { showValue } from '../output/show-value.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { ConflictAnswer, ForetoldAnswer } from '../rpc/answers.ts';

/** What the run that follows the decisions does on either side, as far as what was seen still holds then. */
export function renderForetold(
  conflicts: readonly ConflictAnswer[],
  foretold: readonly ForetoldAnswer[],
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
  const nameWidth = Math.max(14, Math.floor(width / 6));
  const sideWidth = Math.max(14, Math.floor((width - 2 * nameWidth - 6) / 2));
  const conflictsById = new Map(conflicts.map((conflict) => [conflict.conflictId, conflict]));
  const rows = foretold.map(({ conflictId, ours, theirs }) => {
    const { entityType = '', recordId = '', name = null, pointer = '' } = conflictsById.get(conflictId) ?? {};
    return [
      wrapText(callRecord({ entityType, recordId, name }), nameWidth, 3),
      wrapText(toPlainText(pointer === '' ? 'the record' : pointer), nameWidth, 3),
      wrapText(describe(ours), sideWidth, 4),
      wrapText(describe(theirs), sideWidth, 4),
    ];
  });
  const columns = ['record', 'field', 'on our side', 'at the vendor'].map((title) => ({ title }));
  return renderTable(columns, rows, colors);
}

function describe({ outcome, before, after, kept }: ForetoldAnswer['ours']): string {
  const [was, becomes] = [before, after].map((value) => showValue(value, 'as it is, absent'));
  if (outcome === 'stays') return kept === null ? `stays ${was}` : `stays ${was}: ${kept.message}`;
  return outcome === 'removed' ? `${was} is removed` : `${was} → ${becomes}`;
}
