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
import type { ChartProps } from './chart-figure.tsx';
import { readColours } from './read-colours.ts';
import { useLook } from './use-look.ts';

// Only what bars need: the rest of the library stays out of the page.
Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

/** Bars drawn by Chart.js, in the colours of the theme. Drawn anew where the numbers or the theme change; nothing moves. */
export function BarChart({ chart }: { readonly chart: ChartProps }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useLook();
  const drawn = useRef<Chart<'bar', number[]>>(undefined);
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
  { categories, series, format }: ChartProps,
  place: HTMLElement,
): ChartConfiguration<'bar', number[]> {
  const named = series.flatMap(({ colours }) => (typeof colours === 'string' ? [colours] : colours));
  const colours = readColours(place, ['--text', '--text-soft', '--line', '--surface', ...named]);
  const inColour = (name: string) => colours.get(name) ?? 'gray';
  return {
    type: 'bar',
    data: {
      labels: [...categories],
      datasets: series.map(({ title, values, colours: own }) => ({
        label: title,
        data: [...values],
        backgroundColor: typeof own === 'string' ? inColour(own) : own.map(inColour),
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
          display: series.length > 1,
          position: 'bottom',
          labels: { color: inColour('--text'), boxWidth: 12, boxHeight: 12 },
        },
        tooltip: {
          backgroundColor: inColour('--text'),
          titleColor: inColour('--surface'),
          bodyColor: inColour('--surface'),
          callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${format(parsed.y ?? 0)}` },
        },
      },
    },
  };
}
