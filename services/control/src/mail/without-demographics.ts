import type { RunReport } from '@flotilla/substrate/report/run-report';

type Told = Pick<
  RunReport,
  | 'problems'
  | 'changes'
  | 'changesOmitted'
  | 'pushes'
  | 'pushesOmitted'
  | 'conflicts'
  | 'planned'
  | 'plannedOmitted'
>;

/**
 * Pure. A report as a mail may carry it. Mail is read on its way and kept in many places, and what a district knows of its students' birth, sex
 * and origin has no business there: of such records a mail tells how many there are, and the dashboard shows what is in them.
 */
export function withoutDemographics<Report extends Told>(report: Report): Report {
  const { changes, pushes, conflicts, planned, problems } = report;
  const told = {
    changes: changes.filter(isNoDemographics),
    pushes: pushes.filter(isNoDemographics),
    planned: planned.filter(isNoDemographics),
  };
  return {
    ...report,
    ...told,
    changesOmitted: report.changesOmitted + changes.length - told.changes.length,
    pushesOmitted: report.pushesOmitted + pushes.length - told.pushes.length,
    plannedOmitted: report.plannedOmitted + planned.length - told.planned.length,
    conflicts: conflicts.filter(isNoDemographics),
    // A value that does not fit is quoted in what is known of the problem.
    problems: problems.map((problem) =>
      isNoDemographics(problem) ? problem : { ...problem, data: {}, vendorAnswer: null },
    ),
  };
}

function isNoDemographics({ entityType }: { readonly entityType: string | null }): boolean {
  return entityType !== 'demographics';
}
