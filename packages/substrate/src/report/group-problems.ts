import type { Actor } from '../failure/codes.ts';
import type { ReportProblem } from './describe-problem.ts';

/** Problems of one kind, which ask for the same. */
export interface ProblemGroup<Problem> {
  readonly title: string;
  readonly code: string;
  readonly advice: string;
  /** Who can end it, in words. */
  readonly who: string;
  /** Whether it is tried again, in words. */
  readonly again: string;
  readonly problems: readonly Problem[];
}

type Grouped = Pick<ReportProblem, 'title' | 'advice' | 'again'> & {
  readonly code: string;
  readonly actor: string;
};

/** Pure. In the order in which a report names them: what concerns the whole run comes first. What they share is said once. */
export function groupProblems<Problem extends Grouped>(
  problems: readonly Problem[],
): readonly ProblemGroup<Problem>[] {
  const groups = Map.groupBy(problems, ({ code, advice, again }) => JSON.stringify([code, advice, again]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { title, code, advice, again, actor } = first;
    const who = actorWords[actor as Actor] ?? actor;
    return [{ title, code, advice, again, who, problems: group }];
  });
}

const actorWords: Readonly<Record<Actor, string>> = {
  school: "The school's staff",
  vendor: 'The vendor',
  operator: 'Whoever runs this fleet',
  caller: 'Whoever asked for the run',
  engineer: "Flotilla's engineers",
  nobody: 'Nobody: it ends by itself',
};
