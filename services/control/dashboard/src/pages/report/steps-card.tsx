import { Badge, type Tone } from '../../parts/badge.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Duration } from '../../parts/duration.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import styles from './report.module.css';
import type { Counts, Report } from './run-facts.ts';

type Step = Pick<Report['steps'][number], 'entityType' | 'stage' | 'status' | 'seconds' | 'counts'>;

/** What a run did, entity type by entity type. */
export function StepsCard({ report }: { readonly report: Report }) {
  const { steps, totals, seconds } = report;
  const sum: Step = { entityType: 'All together', stage: '', status: '', seconds, counts: totals };
  const rows: readonly Step[] = steps.length > 1 ? [...steps, sum] : steps;
  return (
    <Card title="Steps">
      <DataTable
        caption="Steps of the run, one an entity type"
        rows={rows}
        keyOf={({ entityType }) => entityType}
        empty="Nothing was read."
        isNumbers
        columns={[
          { title: 'Entity type', cell: ({ entityType }) => entityType },
          { title: 'How it went', cell: (step) => <HowItWent step={step} /> },
          {
            title: 'Took',
            isNumber: true,
            cell: ({ seconds: took }) => (took === null ? '–' : <Duration seconds={took} />),
          },
          ...countColumns(totals),
        ]}
      />
    </Card>
  );
}

function HowItWent({ step: { stage, status } }: { readonly step: Step }) {
  if (stage === '') return null;
  if (status === 'done') return <Badge tone="good">done</Badge>;
  return (
    <div className={styles.status}>
      <Badge tone={stageTones[stage] ?? 'calm'}>{stage}</Badge>{' '}
      <span className={styles.soft}>
        <VendorText value={wordsAfter(stage, status)} isVerbatim />
      </span>
    </div>
  );
}

const stageTones: Readonly<Record<string, Tone>> = { done: 'warn', failed: 'bad' };

/** `failed: The list is empty` beside a badge that says `failed` already. */
function wordsAfter(stage: string, status: string): string {
  return status.startsWith(`${stage}: `) ? status.slice(stage.length + 2) : status;
}

const always: readonly (readonly [keyof Counts, string])[] = [
  ['received', 'Read'],
  ['unchanged', 'Unchanged'],
  ['created', 'Created'],
  ['updated', 'Updated'],
  ['deleted', 'Deleted'],
];

const whereSome: readonly (readonly [keyof Counts, string])[] = [
  ['quarantined', 'Left out'],
  ['withdrawn', 'Marked to be deleted'],
  ['conflicted', 'In conflict'],
  ['agreed', 'Agreed by themselves'],
  ['pushCreated', 'Sent: created'],
  ['pushUpdated', 'Sent: updated'],
  ['pushDeleted', 'Sent: deleted'],
  ['pushFailed', 'Refused'],
];

/** Of the rarer counts only those that say something. */
export function countColumns(totals: Counts): readonly Column<{ readonly counts: Counts }>[] {
  return [...always, ...whereSome.filter(([name]) => totals[name] > 0)].map(([name, title]) => ({
    title,
    isNumber: true,
    cell: ({ counts }) => counts[name].toLocaleString(),
  }));
}
