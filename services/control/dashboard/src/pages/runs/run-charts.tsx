import { useMemo } from 'react';
import { Card } from '../../parts/card.tsx';
import { ChartFigure, type ChartProps, type Look } from '../../parts/charts/chart-figure.tsx';
import { showDuration } from '../../parts/duration.tsx';
import type { ResultOf } from '../../rpc/call.ts';
import styles from './runs.module.css';

export type ListedRun = ResultOf<'runs.list.v1'>['runs'][number];

const moment = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** How long the listed runs took, and how much they changed, the earliest first. */
export function RunCharts({ runs }: { readonly runs: readonly ListedRun[] }) {
  const charts = useMemo(() => toCharts(runs.toReversed()), [runs]);
  if (runs.length < 2) return null;
  return (
    <Card title="Over time">
      <div className={styles.charts}>
        <ChartFigure
          chart={charts.duration}
          of="Run"
          caption="One bar a run; what went wrong differs in pattern and colour."
        />
        <ChartFigure
          chart={charts.changes}
          of="Run"
          caption="Records created, updated and deleted, here and at the vendor together. Dry runs change nothing."
        />
      </div>
    </Card>
  );
}

function toCharts(runs: readonly ListedRun[]): Readonly<Record<'duration' | 'changes', ChartProps>> {
  const categories = runs.map(({ requestedAt }) => moment.format(new Date(requestedAt)));
  const words = { title: 'State', values: runs.map(({ state }) => state) };
  const sum = (looks: Look, of: (totals: ListedRun['totals']) => number) => ({
    title: looks.title,
    looks,
    values: runs.map(({ totals }) => of(totals)),
  });
  return {
    duration: {
      title: 'Duration',
      categories,
      words,
      format: showDuration,
      series: [
        {
          title: 'Duration',
          values: runs.map((run) => secondsOf(run) ?? 0),
          looks: runs.map(({ state }) => stateLooks[state] ?? done),
        },
      ],
    },
    changes: {
      title: 'Changes',
      categories,
      words,
      format: (count) => count.toLocaleString(),
      series: [
        sum(created, (totals) => totals.created + totals.pushCreated),
        sum(updated, (totals) => totals.updated + totals.pushUpdated),
        sum(deleted, (totals) => totals.deleted + totals.pushDeleted),
      ],
    },
  };
}

const done: Look = { title: 'Nothing left undone', colour: '--accent', pattern: 'plain' };
const leftUndone: Look = { title: 'Something left undone', colour: '--warn', pattern: 'stripes' };
const failed: Look = { title: 'Failed', colour: '--bad', pattern: 'dots' };

/** Of those that are not done, or not whole. */
const stateLooks: Readonly<Record<string, Look>> = {
  failed,
  partial: leftUndone,
  held: leftUndone,
  rejected: leftUndone,
  expired: leftUndone,
};

const created: Look = { title: 'Created', colour: '--good', pattern: 'plain' };
const updated: Look = { title: 'Updated', colour: '--accent', pattern: 'stripes' };
const deleted: Look = { title: 'Deleted', colour: '--bad', pattern: 'dots' };

/** Pure. Null while it goes on, or has not begun. */
export function secondsOf({ startedAt, finishedAt }: ListedRun): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;
}
