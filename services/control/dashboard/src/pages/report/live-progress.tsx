import { addCounts } from '@flotilla/substrate/report/run-counts';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import styles from './report.module.css';
import { countChanges, type RunDetail } from './run-facts.ts';
import { countColumns } from './steps-card.tsx';

/** A run while it goes on: where each entity type is, and how far. */
export function LiveProgress({ run }: { readonly run: RunDetail }) {
  const { entityTypes, state } = run;
  const totals = addCounts(...entityTypes.map(({ counts }) => counts));
  return (
    <>
      <Callout tone="calm" title={sayProgress(run, totals.received)}>
        <p>
          {state === 'queued' && entityTypes.length === 0
            ? 'It begins when its turn comes: one run of an integration goes on at a time.'
            : 'This page follows it by itself. You may leave: the run goes on without you.'}
        </p>
      </Callout>
      <Card title="Progress">
        <DataTable
          caption="Progress of the run, by entity type"
          rows={entityTypes}
          keyOf={({ entityType }) => entityType}
          empty="Nothing has been read yet."
          isNumbers
          columns={[
            { title: 'Entity type', cell: ({ entityType }) => entityType },
            { title: 'Stage', cell: ({ stage }) => stageWords[stage] ?? stage },
            { title: 'How far', cell: (step) => <HowFar step={step} /> },
            ...countColumns(totals),
          ]}
        />
      </Card>
    </>
  );
}

function sayProgress({ state, decision, entityTypes }: RunDetail, received: number): string {
  if (state === 'queued') {
    return decision?.decision === 'approved' ? 'Approved, and about to go on.' : 'Waiting to start.';
  }
  const done = entityTypes.filter(({ stage }) => stage === 'done').length;
  return `Under way: ${sayCount(received, 'record')} read so far, ${sayCount(done, 'entity type')} done.`;
}

type Step = RunDetail['entityTypes'][number];

function HowFar({ step }: { readonly step: Step }) {
  const { entityType, stage, counts, announced, pages, upload, failure } = step;
  if (failure !== null) return <VendorText value={failure.message} isVerbatim />;
  if (upload !== null) {
    return (
      <Bar
        label={`Upload of ${entityType}`}
        value={upload.percent}
        most={100}
        words={`${upload.percent === null ? '' : `${Math.round(upload.percent)} % of `}${sayCount(upload.records, 'record')} sent in one file`}
      />
    );
  }
  if (stage === 'fetching') {
    return (
      <Bar
        label={`Reading of ${entityType}`}
        value={announced === null ? null : counts.received}
        most={announced ?? 1}
        words={`${counts.received.toLocaleString()}${announced === null ? ' read' : ` of ${announced.toLocaleString()}`}, ${sayCount(pages, 'page')}`}
      />
    );
  }
  if (stage !== 'applying' && stage !== 'removing') return null;
  const wanted = countWanted(step);
  const made = countChanges(counts);
  return wanted === 0 ? null : (
    <Bar
      label={`Changes of ${entityType}`}
      value={Math.min(made, wanted)}
      most={wanted}
      words={`${made.toLocaleString()} of ${sayCount(wanted, 'change')} made`}
    />
  );
}

/** How many records change on our side; what was not planned beforehand is all that came and is not known yet. */
function countWanted({ plan, counts }: Step): number {
  if (plan === null) return counts.received - counts.repeated - counts.unchanged - counts.quarantined;
  const { toOurs } = plan.counts;
  return toOurs.create + toOurs.update + toOurs.delete;
}

interface BarProps {
  readonly label: string;
  /** Null: nobody knows how far. */
  readonly value: number | null;
  readonly most: number;
  readonly words: string;
}

function Bar({ label, value, most, words }: BarProps) {
  return (
    <>
      <progress
        className={styles.progress}
        aria-label={label}
        max={Math.max(most, 1)}
        {...(value === null ? {} : { value })}
      />
      <br />
      {words}
    </>
  );
}

const stageWords: Readonly<Record<string, string>> = {
  fetching: 'reading',
  comparing: 'comparing with what is stored',
  planning: 'working out what changes',
  planned: 'ready to be applied',
  applying: 'applying the changes',
  removing: 'deleting at the vendor what is gone here',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};
