import { Card } from '../../parts/card.tsx';
import { ChangeBrowser } from './change-browser.tsx';
import { ChangeList } from './change-list.tsx';
import { countChanges, type Report } from './run-facts.ts';

/** What the run changed on our side, record by record, field by field: few at once, many by filters and pages. */
export function ChangesCard({ report }: { readonly report: Report }) {
  const { changes, changesOmitted, totals } = report;
  const all = Math.max(countChanges(totals), changes.length);
  if (all === 0) return null;
  return (
    <Card title={`What changed here (${all.toLocaleString()})`}>
      {changesOmitted === 0 ? (
        <ChangeList report={report} changes={changes} />
      ) : (
        <ChangeBrowser report={report} />
      )}
    </Card>
  );
}
