import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { sayCount } from '../../parts/say-count.ts';
import type { ProblemGroup } from './group-problems.ts';
import { MendLink } from './mend-link.tsx';
import { ProblemItem } from './problem-item.tsx';
import styles from './report.module.css';
import type { Report } from './run-facts.ts';

interface ProblemsCardProps {
  readonly report: Report;
  readonly groups: readonly ProblemGroup[];
  /** Undefined: there is no more to be had. */
  readonly onMore: (() => void) | undefined;
  readonly isBusy: boolean;
}

/** What went wrong, by kind: what it means, whose it is, and each record with its cause. */
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
          <span>{sayCount(problemsOmitted, 'more record')} left out of this run.</span>
          {onMore === undefined ? (
            <span>A report names a thousand at most: mend these, and the next run names others.</span>
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

function ProblemKind({ group, report }: { readonly group: ProblemGroup; readonly report: Report }) {
  const { anchor, title, code, problems, advice, who, again } = group;
  const rest = problems.slice(firstShown);
  return (
    <section id={anchor} tabIndex={-1} aria-labelledby={`${anchor}-title`} className={styles.kind}>
      <h3 id={`${anchor}-title`}>
        {title} ({problems.length.toLocaleString()})
      </h3>
      <dl className={styles.facts}>
        <dt>What to do</dt>
        <dd>
          {advice} <MendLink code={code} report={report} />
        </dd>
        <dt>Who</dt>
        <dd>{who}</dd>
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
