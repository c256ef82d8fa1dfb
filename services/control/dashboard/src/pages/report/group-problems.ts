import type { Report } from './run-facts.ts';

export type Problem = Report['problems'][number];

/** Problems of one kind, which ask for the same. */
export interface ProblemGroup {
  /** Of its heading, to be jumped to. */
  readonly anchor: string;
  readonly title: string;
  readonly code: string;
  readonly advice: string;
  /** Who can end it, in words. */
  readonly who: string;
  /** Whether it is tried again, in words. */
  readonly again: string;
  readonly problems: readonly Problem[];
}

/** Pure. In the order in which a report names them: what concerns the whole run comes first. */
export function groupProblems(problems: readonly Problem[]): readonly ProblemGroup[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.code, problem.advice, problem.again]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    if (first === undefined) return [];
    const { title, code, advice, again } = first;
    const anchor = `problem-${index + 1}`;
    return [
      { anchor, title, code, advice, again, who: actorWords[first.actor] ?? first.actor, problems: group },
    ];
  });
}

const actorWords: Readonly<Record<string, string>> = {
  school: "The school's staff",
  vendor: 'The vendor',
  operator: 'Whoever runs this fleet',
  caller: 'Whoever asked for the run',
  engineer: "Flotilla's engineers",
  nobody: 'Nobody: it ends by itself',
};
