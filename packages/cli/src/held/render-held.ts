import { callRecord } from '@flotilla/substrate/report/call-record';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { callCustomer } from '../output/call-customer.ts';
import { formatCount } from '../output/plain-text.ts';
import { shortId, showMoment } from '../output/show-moment.ts';
import { showInCell } from '../output/show-value.ts';
import { renderTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { HeldRunAnswer, PlannedRecord } from '../rpc/answers.ts';

/** A held run, with the first of what it would change. */
export interface HeldRun extends HeldRunAnswer {
  /** Where runs of all customers are listed. */
  readonly customerName?: string | undefined;
  readonly planned: readonly PlannedRecord[];
  /** Whether it would change more than that. */
  readonly plannedMore: boolean;
}

type Screen = Pick<Terminal, 'colors' | 'width'>;

/** What holds the run, and what it would change. */
export function renderHeld(run: HeldRun, screen: Screen): string {
  const { colors } = screen;
  const { runId, integrationId, method, heldSince, expiresAt, planned } = run;
  const since = heldSince === null ? '' : `, held since ${showMoment(heldSince)}`;
  const until =
    expiresAt === null ? '' : `; ends by itself at ${showMoment(expiresAt)}, with nothing changed`;
  return [
    `${colors.bold(`${shortId(runId)}  ${callCustomer(run)} / ${integrationId}`)}  ${method}${since}${until}`,
    renderLimits(run, screen),
    ...(planned.length === 0 ? [] : ['', renderPlanned(planned, screen)]),
    ...(run.plannedMore ? [colors.dim('… and more')] : []),
  ].join('\n');
}

function renderLimits({ entityTypes }: HeldRun, { colors }: Screen): string {
  const rows = entityTypes.flatMap(({ entityType, plan }) =>
    (plan?.exceeded ?? []).map(({ direction, action, school, planned, allowed, stored }) => [
      entityType,
      describeSide(direction),
      action,
      formatCount(planned),
      formatCount(allowed),
      formatCount(stored),
      toPlainText(school ?? '', 40),
    ]),
  );
  const isSchools = rows.some((row) => row.at(-1) !== '');
  const numbers = ['would be', 'allowed', 'stored'].map((title) => ({ title, align: 'right' as const }));
  const columns = [
    { title: 'over its limit' },
    { title: 'where' },
    { title: 'action' },
    ...numbers,
    ...(isSchools ? [{ title: 'in school' }] : []),
  ];
  return renderTable(columns, isSchools ? rows : rows.map((row) => row.slice(0, -1)), colors);
}

function renderPlanned(planned: readonly PlannedRecord[], { colors, width }: Screen): string {
  const nameWidth = Math.max(14, Math.floor(width / 6));
  const valueWidth = Math.max(10, Math.floor((width - 2 * nameWidth - 13 - 8 - 10) / 2));
  const rows = planned.flatMap((record) =>
    linesOf(record).map(({ where, action, pointer, before, after }, index) => [
      index === 0 ? wrapText(callRecord(record), nameWidth, 3) : '',
      where,
      action,
      wrapText(toPlainText(pointer === '' ? 'the record' : pointer), nameWidth, 3),
      showInCell(before, valueWidth),
      showInCell(after, valueWidth),
    ]),
  );
  const columns = ['record', 'where', 'action', 'field', 'before', 'after'].map((title) => ({ title }));
  return renderTable(columns, rows, colors);
}

/** Of a conflict, ours and theirs: nothing is planned for its record. */
function linesOf({ toOurs, toTheirs, conflicts }: PlannedRecord) {
  const sides = [
    [describeSide('toOurs'), toOurs],
    [describeSide('toTheirs'), toTheirs],
  ] as const;
  return [
    ...sides.flatMap(([where, side]) =>
      (side?.lines ?? []).map((line) => ({ ...line, where, action: side?.action ?? '' })),
    ),
    ...conflicts.map(({ pointer, ours, theirs }) => ({
      where: 'conflict',
      action: 'waits',
      pointer,
      before: ours,
      after: theirs,
    })),
  ];
}

function describeSide(direction: string): string {
  return direction === 'toOurs' ? 'on our side' : 'at the vendor';
}
