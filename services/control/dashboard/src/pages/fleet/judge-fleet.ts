import type { Tone } from '../../parts/badge.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { countNeeds, type Needy } from './count-needs.ts';
import { countByLastRun, type Fleet, type Night, sayNight } from './fleet.ts';

export interface Verdict {
  /** Never `good` while anything needs a person. */
  readonly tone: Tone;
  /** What needs a person, in numbers; where nothing does, how the last night was. */
  readonly title: string;
  /** How the last night was, where the title does not say it. */
  readonly night: string | null;
}

/** Pure. What whoever opens the page in the morning has to know first. */
export function judgeFleet(fleet: Needy): Verdict {
  const judged = judgeNight(fleet.nights, countByLastRun(fleet.services, 'failed'));
  const needs = countNeeds(fleet);
  if (needs.length === 0) return { ...judged, night: null };
  const count = needs.reduce((sum, need) => sum + need.count, 0);
  const isBad = judged.tone === 'bad' || needs.some(({ tone }) => tone === 'bad');
  const need = count === 1 ? '1 thing needs you' : `${count.toLocaleString()} things need you`;
  return {
    tone: isBad ? 'bad' : 'warn',
    title: `${need}: ${needs.map(({ text }) => text).join(', ')}`,
    night: judged.title,
  };
}

function judgeNight(nights: Fleet['nights'], failing: number): Pick<Verdict, 'tone' | 'title'> {
  if (nights === null) return { tone: 'warn', title: 'How the last night was is not known' };
  const [night] = nights;
  if (night === undefined) return { tone: 'calm', title: 'No night has begun yet' };
  const of = `the night of ${sayNight(night.night)}`;
  const { all, failed, toSee, rejected, underWay } = countRuns(night);
  const runs = sayCount(all, 'run');
  if (failed > 0 && failing === 0)
    return { tone: 'warn', title: `${failed} of ${runs} failed in ${of}, and have been well since` };
  if (failed > 0)
    return {
      tone: 'bad',
      title: `${failed} of ${runs} failed in ${of}${toSee > 0 ? `, ${toSee} should be looked at` : ''}`,
    };
  if (toSee > 0)
    return { tone: 'warn', title: `None of ${runs} failed in ${of}; ${toSee} should be looked at` };
  // Whoever rejected them knows; whether the integration has been well since is told by its last run.
  if (rejected > 0)
    return {
      tone: 'calm',
      title: `None of ${runs} failed in ${of}; ${rejected} ${rejected === 1 ? 'was' : 'were'} rejected`,
    };
  if (underWay > 0)
    return { tone: 'calm', title: `${all - underWay} of ${runs} are done in ${of}; none failed` };
  if (all === 0) return { tone: 'calm', title: `Nothing was to be done in ${of}` };
  return {
    tone: 'good',
    title: all === 1 ? `The one run of ${of} is well` : `All ${runs} of ${of} are well`,
  };
}

function countRuns({ runs }: Pick<Night, 'runs'>) {
  const { failed = 0, partial = 0, held = 0, expired = 0, rejected = 0, queued = 0, running = 0 } = runs;
  const all = Object.values(runs).reduce((sum, count) => sum + count, 0);
  return { all, failed, toSee: partial + held + expired, rejected, underWay: queued + running };
}
