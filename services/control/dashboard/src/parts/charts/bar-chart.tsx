import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Legend,
  LinearScale,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';
import styles from './chart.module.css';
import type { ChartProps, Look, Series } from './chart-figure.tsx';
import { drawPattern } from './draw-pattern.ts';
import { readColours } from './read-colours.ts';
import { useLook } from './use-look.ts';

// Only what bars need: the rest of the library stays out of the page.
Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

/** Bars drawn by Chart.js, in the colours of the theme. Drawn anew where the numbers or the theme change; nothing moves. */
export function BarChart({ chart }: { readonly chart: ChartProps }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useLook();
  const drawn = useRef<Chart<'bar', (number | null)[]>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` is read from the document by readColours
  useEffect(() => {
    if (canvas.current === null) return;
    drawn.current = new Chart(canvas.current, toConfiguration(chart, canvas.current));
    return () => drawn.current?.destroy();
  }, [chart, look]);
  return (
    <div className={styles.canvas}>
      <canvas ref={canvas} role="img" aria-label={`${chart.title}: a chart; its numbers stand below it`} />
    </div>
  );
}

function toConfiguration(
  { categories, series, words, format }: ChartProps,
  place: HTMLElement,
): ChartConfiguration<'bar', (number | null)[]> {
  const groups = series.flatMap(toGroups);
  const named = groups.map(({ look }) => look.colour);
  const colours = readColours(place, ['--text', '--text-soft', '--line', '--surface', ...named]);
  const inColour = (name: string) => colours.get(name) ?? 'gray';
  return {
    type: 'bar',
    data: {
      labels: [...categories],
      datasets: groups.map(({ look, values }) => ({
        label: look.title,
        data: values,
        backgroundColor: drawPattern(look.pattern, inColour(look.colour), inColour('--surface')),
        // So that a bar of many stripes, or one in a pale colour, still has its edge.
        borderColor: inColour(look.colour),
        borderWidth: 1,
        maxBarThickness: 28,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: inColour('--line') },
          ticks: { color: inColour('--text-soft'), maxRotation: 0, autoSkipPadding: 16 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          border: { display: false },
          grid: { color: inColour('--line') },
          ticks: {
            color: inColour('--text-soft'),
            maxTicksLimit: 6,
            callback: (value) => format(Number(value)),
          },
        },
      },
      plugins: {
        legend: {
          display: true,
          position: 'bottom',
          labels: { color: inColour('--text'), boxWidth: 16, boxHeight: 12 },
          // It explains; nothing is left out by pressing on it.
          onClick: () => undefined,
        },
        tooltip: {
          backgroundColor: inColour('--text'),
          titleColor: inColour('--surface'),
          bodyColor: inColour('--surface'),
          // A group says nothing of bars that are another's.
          filter: ({ raw }) => raw !== null,
          callbacks: {
            afterTitle: ([first]) => (first === undefined ? '' : (words.values[first.dataIndex] ?? '')),
            label: ({ dataset, parsed }) => `${dataset.label}: ${format(parsed.y ?? 0)}`,
          },
        },
      },
    },
  };
}

interface Group {
  readonly look: Look;
  /** Null where the bar is another group's. */
  readonly values: (number | null)[];
}

/** The bars of a series by how they look: each look is a line of the legend. */
function toGroups({ values, looks }: Series): readonly Group[] {
  const lookOf = (index: number) => ('title' in looks ? looks : looks[index]);
  return [...new Set(values.map((_, index) => lookOf(index)))].flatMap((look) =>
    look === undefined
      ? []
      : [{ look, values: values.map((value, index) => (lookOf(index) === look ? value : null)) }],
  );
}
