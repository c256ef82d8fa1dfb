import type { ReportChange, RunReport } from '@flotilla/substrate/report/run-report';

/** Pure. The report with a few changes of each kind (entity type and action) instead of all, most telling kinds first. */
export function shortenReport(report: RunReport, eachKind: number): RunReport {
  const kinds = Map.groupBy(report.changes, ({ entityType, action }) => `${action} ${entityType}`);
  const shown = [...kinds.values()]
    .flatMap((changes) => changes.slice(0, eachKind))
    .toSorted((a, b) => rank(a) - rank(b));
  const left = report.changes.length - shown.length;
  return { ...report, changes: shown, changesOmitted: report.changesOmitted + left };
}

function rank({ action }: ReportChange): number {
  return ['update', 'create', 'delete'].indexOf(action);
}
