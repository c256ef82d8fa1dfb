import { lazy, Suspense, useId } from 'react';
import { DataTable } from '../data-table.tsx';
import styles from './chart.module.css';

export interface ChartProps {
  readonly title: string;
  /** What each group of bars is of, the earliest first. */
  readonly categories: readonly string[];
  /** Stacked on each other. */
  readonly series: readonly Series[];
  /** What is to be said of each category in a word, where it is pointed at and in the table. */
  readonly words: { readonly title: string; readonly values: readonly string[] };
  /** A value as people read it. */
  readonly format: (value: number) => string;
}

export interface Series {
  readonly title: string;
  /** One a category. */
  readonly values: readonly number[];
  /** One for all bars, named as the series is; or one a category. */
  readonly looks: Look | readonly Look[];
}

/** How bars look that have something in common. Colour alone tells nothing to those who see none: each has its pattern too, and its words in the legend. */
export interface Look {
  readonly title: string;
  /** The custom property of its colour, such as `--good`. */
  readonly colour: string;
  readonly pattern: 'plain' | 'stripes' | 'dots';
}

interface ChartFigureProps {
  readonly chart: ChartProps;
  /** What a person learns from it, or how to read it, in a sentence. */
  readonly caption: string;
  /** Names the column of the categories. */
  readonly of: string;
}

/** The library comes with the first chart that is shown, and not before. */
const BarChart = lazy(async () => ({ default: (await import('./bar-chart.tsx')).BarChart }));

/** A chart, and beneath it the same numbers as a table. */
export function ChartFigure({ chart, caption, of }: ChartFigureProps) {
  const id = useId();
  const { title, categories, series, words, format } = chart;
  const rows = categories.map((category, index) => ({ category, index }));
  return (
    <figure className={styles.figure} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <Suspense fallback={<div className={styles.canvas} />}>
        <BarChart chart={chart} />
      </Suspense>
      <figcaption>{caption}</figcaption>
      <details>
        <summary>The numbers of this chart</summary>
        <DataTable
          caption={`${title}, in numbers`}
          rows={rows}
          keyOf={({ index }) => String(index)}
          empty="There are none."
          isNumbers
          columns={[
            { title: of, cell: ({ category }) => category },
            { title: words.title, cell: ({ index }) => words.values[index] },
            ...series.map(({ title: name, values }) => ({
              title: name,
              isNumber: true,
              cell: ({ index }: { readonly index: number }) => format(values[index] ?? 0),
            })),
          ]}
        />
      </details>
    </figure>
  );
}
