import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { shortId, showMoment } from '../output/show-moment.ts';
import { showInCell } from '../output/show-value.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { HistoryAnswer } from '../rpc/answers.ts';

type RecordChange = HistoryAnswer['changes'][number];

/** Each change with its fields: when, by which run, what it was, what it became, and by which rule. */
export function renderHistory(
  changes: readonly RecordChange[],
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string {
  const fieldWidth = Math.max(12, Math.floor(width / 8));
  // Beside the moment, the run, the action, and two blanks between columns.
  const valueWidth = Math.max(10, Math.floor((width - 20 - 20 - 6 - fieldWidth * 2 - 12) / 2));
  const rows = changes.flatMap((change) =>
    fieldsOf(change).map(({ pointer, before, after, rule }, index) => [
      ...(index === 0 ? [showMoment(change.changedAt), describeRun(change), change.action] : ['', '', '']),
      wrapText(toPlainText(pointer), fieldWidth, 4),
      showInCell(before, valueWidth),
      showInCell(after, valueWidth),
      wrapText(toPlainText(rule ?? ''), fieldWidth, 4),
    ]),
  );
  const columns = ['when', 'run', 'action', 'field', 'was', 'became', 'rule'].map((title) => ({ title }));
  return renderTable(columns, rows, colors);
}

/** One line of what changed in nothing that is shown. */
function fieldsOf({ fields }: RecordChange): RecordChange['fields'] {
  return fields.length === 0 ? [{ pointer: '' }] : fields;
}

function describeRun({ runId, run, by }: RecordChange): string {
  const what =
    run === null
      ? ['an edit', shortId(runId)]
      : [
          `${shortId(runId)} ${run.context}`,
          run.reverts === null ? run.method : `reverts ${shortId(run.reverts)}`,
        ];
  return [...what, ...by.map(({ actor, did }) => `${words.get(did) ?? did} ${toPlainText(actor, 40)}`)].join(
    '\n',
  );
}

/** Each with who did it. */
const words: ReadonlyMap<string, string> = new Map([
  ['edited', 'edited by'],
  ['decided', 'decided by'],
  ['approved', 'approved by'],
  ['reverted', 'taken back by'],
  ['asked', 'asked for by'],
]);
