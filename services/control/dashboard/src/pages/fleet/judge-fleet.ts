import type { Tone } from '../../parts/badge.tsx';
import { sayCount } from '../../parts/say-count.ts';
import { countByLastRun, type Fleet, isSilent, type Night, sayNight } from './fleet.ts';

export interface Verdict {
  readonly tone: Tone;
  /** One sentence: whether the last night was good, and what is wrong now. */
  readonly title: string;
}

/** Pure. What whoever opens the page in the morning has to know first. */
export function judgeFleet({
  nights,
  services,
  heldRuns,
}: Pick<Fleet, 'nights' | 'services' | 'heldRuns'>): Verdict {
  const failing = countByLastRun(services, 'failed');
  const judged = judgeNight(nights, failing);
  const silent = services.filter(isSilent).map(({ title }) => title);
  const buts = [
    silent.length === 0 ? '' : saySilent(silent),
    judged.tone === 'bad' || failing === 0 ? '' : `${sayCount(failing, 'integration')} failed since`,
  ].filter((but) => but !== '');
  if (buts.length === 0) return addHeld(judged, heldRuns?.count ?? 0);
  const link = judged.tone === 'good' ? 'but' : 'and';
  return { tone: 'bad', title: `${judged.title}, ${link} ${buts.join(', and ')}` };
}

/** What was held after the night is nowhere in its counts, and would wait behind a green sentence. */
function addHeld({ tone, title }: Verdict, held: number): Verdict {
  if (held === 0 || tone !== 'good') return { tone, title };
  const waits = held === 1 ? '1 run waits' : `${held.toLocaleString()} runs wait`;
  return { tone: 'warn', title: `${title}, but ${waits} to be approved or rejected` };
}

function judgeNight(nights: Fleet['nights'], failing: number): Verdict {
  if (nights === null) return { tone: 'warn', title: 'How the last night was is not known' };
  const [night] = nights;
  if (night === undefined) return { tone: 'calm', title: 'No night has begun yet' };
  const of = `the night of ${sayNight(night.night)}`;
  const { all, failed, toSee, underWay } = countRuns(night);
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
  if (underWay > 0)
    return { tone: 'calm', title: `${all - underWay} of ${runs} are done in ${of}; none failed` };
  if (all === 0) return { tone: 'calm', title: `Nothing was to be done in ${of}` };
  return {
    tone: 'good',
    title: all === 1 ? `The one run of ${of} is well` : `All ${runs} of ${of} are well`,
  };
}

function countRuns({ runs }: Pick<Night, 'runs'>) {
  const { failed = 0, partial = 0, held = 0, expired = 0, queued = 0, running = 0 } = runs;
  const all = Object.values(runs).reduce((sum, count) => sum + count, 0);
  return { all, failed, toSee: partial + held + expired, underWay: queued + running };
}

function saySilent(titles: readonly string[]): string {
  const most = 3;
  if (titles.length > most) return `${titles.length} services do not answer as they should`;
  return `${titles.join(', ')} ${titles.length === 1 ? 'does' : 'do'} not answer as ${titles.length === 1 ? 'it' : 'they'} should`;
}
