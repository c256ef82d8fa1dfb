import { Badge, type Tone } from './badge.tsx';

const tones: Readonly<Record<string, Tone>> = {
  queued: 'calm',
  running: 'calm',
  held: 'warn',
  succeeded: 'good',
  unchanged: 'good',
  partial: 'warn',
  failed: 'bad',
  rejected: 'calm',
  expired: 'warn',
};

/** A run's state, as the word that the command line and the API use. */
export function RunState({ state }: { readonly state: string }) {
  return <Badge tone={tones[state] ?? 'calm'}>{state}</Badge>;
}
