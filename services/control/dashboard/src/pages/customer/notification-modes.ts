import type { ResultOf } from '../../rpc/call.ts';

export type Notifications = ResultOf<'notifications.get.v1'>;
export type Mode = Notifications['recipients'][number]['mode'];

/** What a recipient is told, in words. */
export const modes: Readonly<Record<Mode, { readonly says: string }>> = {
  problems: { says: 'problems and recoveries, as they come' },
  digest: { says: 'a digest once a day, also when all is well' },
  off: { says: 'nothing' },
};

export const modeNames: readonly Mode[] = ['problems', 'digest', 'off'];
