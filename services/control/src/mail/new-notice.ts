import type { Notice, NoticeItem, noticeKinds, Recipient } from '@flotilla/substrate/store';

/** So long one can look up what was sent. */
const keptMs = 90 * 24 * 3_600_000;

/** Pure. A mail that nobody has got yet. */
export function newNotice({
  recipients,
  now,
  ...notice
}: Pick<Notice, 'customerId' | 'noticeId' | 'since' | 'until'> & {
  readonly kind: (typeof noticeKinds)[number];
  readonly items: readonly NoticeItem[];
  readonly recipients: readonly Recipient[];
  readonly now: number;
}): Notice {
  const createdAt = new Date(now).toISOString();
  return {
    ...notice,
    deliveries: recipients.map(({ address }) => ({ address, state: 'waiting', at: null, failure: null })),
    attempts: 0,
    dueAt: createdAt,
    claimedUntil: null,
    createdAt,
    expiresAt: new Date(now + keptMs).toISOString(),
  };
}
