import { useMemo } from 'react';
import { Card } from '../../parts/card.tsx';
import { ChartFigure, type ChartProps } from '../../parts/charts/chart-figure.tsx';
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
          caption="One bar a run; yellow: something was left undone, red: it failed."
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
  const sum = (title: string, colours: string, of: (totals: ListedRun['totals']) => number) => ({
    title,
    colours,
    values: runs.map(({ totals }) => of(totals)),
  });
  return {
    duration: {
      title: 'Duration',
      categories,
      format: showDuration,
      series: [
        {
          title: 'Duration',
          values: runs.map((run) => secondsOf(run) ?? 0),
          colours: runs.map(({ state }) => stateColours[state] ?? '--accent'),
        },
      ],
    },
    changes: {
      title: 'Changes',
      categories,
      format: (count) => count.toLocaleString(),
      series: [
        sum('Created', '--good', ({ created, pushCreated }) => created + pushCreated),
        sum('Updated', '--accent', ({ updated, pushUpdated }) => updated + pushUpdated),
        sum('Deleted', '--bad', ({ deleted, pushDeleted }) => deleted + pushDeleted),
      ],
    },
  };
}

const stateColours: Readonly<Record<string, string>> = { failed: '--bad', partial: '--warn', held: '--warn' };

/** Pure. Null while it goes on, or has not begun. */
export function secondsOf({ startedAt, finishedAt }: ListedRun): number | null {
  if (startedAt === null || finishedAt === null) return null;
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000;
}
