import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { ProblemItem } from './problem-item.tsx';
import styles from './report.module.css';
import type { AnchoredGroup, Report } from './run-facts.ts';

interface ProblemsCardProps {
  readonly report: Report;
  readonly groups: readonly AnchoredGroup[];
  /** Undefined: there is no more to be had. */
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** What went wrong, by kind, each record with its cause. What to do about each kind, and who, stands with the verdict. */
export function ProblemsCard({ report, groups, onMore, isBusy }: ProblemsCardProps) {
  const { problemsOmitted } = report;
  const shown = groups.reduce((sum, { problems }) => sum + problems.length, 0);
  if (groups.length === 0 && problemsOmitted === 0) return null;
  return (
    <Card title={`Problems (${(shown + problemsOmitted).toLocaleString()})`}>
      {groups.map((group) => (
        <ProblemKind key={group.anchor} group={group} report={report} />
      ))}
      {problemsOmitted === 0 ? null : (
        <p className={styles.more}>
          <span>{sayCount(problemsOmitted, 'more problem')}, not shown.</span>
          {onMore === undefined ? (
            <span>A report has room for no more: mend these, and the next run names others.</span>
          ) : (
            <Button isBusy={isBusy} onClick={onMore}>
              Show more problems
            </Button>
          )}
        </p>
      )}
    </Card>
  );
}

const firstShown = 10;

function ProblemKind({ group, report }: { readonly group: AnchoredGroup; readonly report: Report }) {
  const { anchor, title, code, problems, again } = group;
  const rest = problems.slice(firstShown);
  return (
    <section id={anchor} tabIndex={-1} aria-labelledby={`${anchor}-title`} className={styles.kind}>
      <h3 id={`${anchor}-title`}>
        {title} ({problems.length.toLocaleString()})
      </h3>
      <dl className={styles.facts}>
        <dt>Tried again?</dt>
        <dd>{again}</dd>
        <dt>Kind</dt>
        <dd>
          <code>{code}</code>
        </dd>
      </dl>
      <ProblemList report={report} problems={problems.slice(0, firstShown)} />
      {rest.length === 0 ? null : (
        <details>
          <summary>{sayCount(rest.length, 'more of this kind', 'more of this kind')}</summary>
          <ProblemList report={report} problems={rest} />
        </details>
      )}
    </section>
  );
}

function ProblemList({
  report,
  problems,
}: {
  readonly report: Report;
  readonly problems: Report['problems'];
}) {
  return (
    <ul className={styles.problems}>
      {problems.map((problem, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a report's problems stay in their order, and have no name of their own
        <ProblemItem key={index} report={report} problem={problem} />
      ))}
    </ul>
  );
}
