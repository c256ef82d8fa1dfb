import { digestText } from '@flotilla/substrate/json/digest';
import {
  type Customer,
  listNotifications,
  type Notifications,
  putNotice,
  putNotifications,
  readCustomers,
  readNotifications,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { nextDigestAt } from './digest-time.ts';
import { gatherApart } from './gather-apart.ts';
import { newNotice } from './new-notice.ts';

const pageSize = 200;
const dayMs = 24 * 3_600_000;
/** After a longer silence, only the last week is told of. */
const longestMs = 7 * dayMs;

/** Makes the digests that are due. Answers how many. */
export async function gatherDigests(
  control: Control,
  customerId: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  let made = 0;
  for await (const page of pagesOf(control, customerId)) {
    const customers = await readCustomers(
      control.store,
      page.map((row) => row.customerId),
    );
    for (const row of page) {
      if (signal.aborted) return made;
      const customer = customers.get(row.customerId);
      if (customer === undefined) continue;
      if (await gatherApart(control, row.customerId, () => gatherOf(control, customer, row))) made++;
    }
  }
  return made;
}

async function* pagesOf(
  { store }: Control,
  customerId: string | undefined,
): AsyncGenerator<readonly Notifications[]> {
  if (customerId !== undefined) {
    const own = await readNotifications(store, customerId);
    if (own !== undefined) yield [own];
    return;
  }
  let after: string | undefined;
  for (;;) {
    const page = await listNotifications(store, after, pageSize);
    yield page;
    after = page.at(-1)?.customerId;
    if (page.length < pageSize) return;
  }
}

async function gatherOf(
  { store, clock }: Control,
  customer: Customer,
  seen: Notifications,
): Promise<boolean> {
  const now = clock.now();
  if (latestDue(seen, customer, now) === undefined) return false;
  return await store.transaction(async (transaction) => {
    const row = await readNotifications(transaction, customer.customerId);
    const dueAt = row === undefined ? undefined : latestDue(row, customer, now);
    if (row === undefined || dueAt === undefined) return false;
    const until = new Date(dueAt).toISOString();
    const from = Math.max(dueAt - longestMs, Math.min(dueAt - dayMs, Date.parse(row.digestedUntil)));
    putNotifications(transaction, { ...row, digestedUntil: until });
    const notice = newNotice({
      customerId: row.customerId,
      noticeId: digestText(JSON.stringify(['digest', until])),
      kind: 'digest',
      items: [],
      since: new Date(from).toISOString(),
      until,
      recipients: row.recipients.filter(({ mode }) => mode === 'digest'),
      now,
    });
    putNotice(transaction, notice);
    return true;
  });
}

/** The last time that has come; of several that nobody sent, one digest is enough. */
function latestDue(row: Notifications, customer: Customer, now: number): number | undefined {
  let latest: number | undefined;
  let at = nextDigestAt(row, customer);
  while (at !== undefined && at <= now) {
    latest = at;
    at = nextDigestAt({ ...row, digestedUntil: new Date(at).toISOString() }, customer);
  }
  return latest;
}
