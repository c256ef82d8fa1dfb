import type { Tone } from '../../parts/badge.tsx';
import { sayCount } from '../../parts/say-count.ts';
import type { Night, RunStateName } from './night.ts';

/** States of runs that somebody should look at, worst first. */
export const troubled: readonly RunStateName[] = ['failed', 'partial', 'held', 'expired'];

/** Pure. Was the night good, and if not, what is the matter? */
export function judgeNight({ state, tally }: Pick<Night, 'state' | 'tally'>): {
  readonly tone: Tone;
  readonly sentence: string;
} {
  const count = (name: RunStateName) => tally.runs[name] ?? 0;
  const all = Object.values(tally.runs).reduce((sum, each) => sum + each, 0);
  const open = count('queued') + count('running');
  const trouble = troubled.flatMap((name) =>
    count(name) === 0 ? [] : [`${count(name).toLocaleString()} ${name}`],
  );
  const leftOut = Object.values(tally.leftOut).reduce((sum, each) => sum + each, 0);
  const without =
    leftOut === 0 ? '' : ` ${sayCount(leftOut, 'start')} ${leftOut === 1 ? 'was' : 'were'} left out.`;
  if (all === 0 && state === 'queued') return { tone: 'calm', sentence: 'The night is about to begin.' };
  if (all === 0) return { tone: 'calm', sentence: `Nothing ran.${without}` };
  const under = open === 0 ? '' : ` ${open.toLocaleString()} still ${open === 1 ? 'goes' : 'go'} on.`;
  if (trouble.length > 0) {
    const isBad = count('failed') > 0;
    return {
      tone: isBad ? 'bad' : 'warn',
      sentence: `Of ${sayCount(all, 'run')}, somebody should look at these: ${trouble.join(', ')}.${under}${without}`,
    };
  }
  if (open > 0)
    return { tone: 'calm', sentence: `Of ${sayCount(all, 'run')}, all is well so far.${under}${without}` };
  return { tone: 'good', sentence: `All is well: ${sayCount(all, 'run')} ended well.${without}` };
}
