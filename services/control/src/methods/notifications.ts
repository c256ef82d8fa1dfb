import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import { CustomerId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  type Customer,
  listNotices,
  type Notifications,
  noticeKinds,
  readNotifications,
  recipientModes,
  requireCustomer,
  putNotifications as writeNotifications,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { nextDigestAt } from '../mail/digest-time.ts';
import { noteAction } from './note-action.ts';
import { IfVersion, requireSeenVersion, Version } from './seen-version.ts';

const Moment = z.iso.datetime({ offset: true });

const Recipient = z.strictObject({
  address: z.email('not an address: it is one such as ana@district.example').max(254),
  mode: z
    .enum(recipientModes)
    .describe(
      '`problems`: as soon as something is amiss or well again; `digest`: once a day, also when all is well; `off`: nothing',
    ),
});

const DigestAt = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time such as 07:00')
  .describe("When the digest is sent, on the customer's own clock");

const FailureView = z.strictObject({ code: z.string(), message: z.string() });

const NoticeView = z.strictObject({
  noticeId: z.string(),
  kind: z.enum(noticeKinds),
  createdAt: Moment,
  runIds: z.array(z.string()).describe('What it tells of; of a digest none are named'),
  nextTryAt: Moment.nullable().describe('Null once nobody waits for it'),
  deliveries: z.array(
    z.strictObject({
      address: z.string(),
      state: z.enum(['waiting', 'sent', 'refused']).describe('`refused`: it is not tried again'),
      at: Moment.nullable(),
      failure: FailureView.nullable().describe('Why it was not sent when it was last tried'),
    }),
  ),
});

const NotificationsView = z.strictObject({
  version: Version.describe(
    'Of recipients and digestAt: 0 before anybody has chosen, one more with each change',
  ),
  recipients: z.array(z.strictObject({ address: z.string(), mode: z.enum(recipientModes) })),
  digestAt: DigestAt,
  timeZone: z.string(),
  nextDigestAt: Moment.nullable().describe('Null where nobody wants one'),
  mail: z
    .strictObject({ from: z.string() })
    .nullable()
    .describe('Null: this fleet sends no mail, since it is not told by which server (FLOTILLA_SMTP_URL)'),
  notices: z.array(NoticeView).describe('The latest mails, of whatever kind'),
});

export const getNotifications = defineMethod({
  name: 'notifications.get',
  version: 1,
  summary: 'Who of a customer is told by e-mail, of what and when, and what became of the latest mails',
  params: z.strictObject({ customerId: CustomerId }),
  result: NotificationsView,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId }) {
    const customer = await requireCustomer(context.store, customerId);
    return await view(context, customer, await readNotifications(context.store, customerId));
  },
});

export const putNotifications = defineMethod({
  name: 'notifications.put',
  version: 1,
  summary: 'Says who of a customer is told by e-mail, of what and when',
  params: z.strictObject({
    customerId: CustomerId,
    recipients: z
      .array(Recipient)
      .max(50)
      .refine(namesEachOnce, 'each address once')
      .describe('All of them: who is left out is told nothing any more'),
    digestAt: DigestAt.optional().describe(
      "On the customer's own clock. Left out: as it was, 07:00 at first",
    ),
    ifVersion: IfVersion,
  }),
  result: NotificationsView,
  roles: ['admin'],
  errors: ['not_found', 'stale_version'],
  async run({ caller, context }: Call<Control>, { customerId, recipients, digestAt, ifVersion }) {
    const customer = await requireCustomer(context.store, customerId);
    const next = await context.store.transaction(async (transaction) => {
      const known = await readNotifications(transaction, customerId);
      const version = known?.version ?? 0;
      requireSeenVersion({
        what: 'notifications',
        shownBy: 'notifications.get.v1',
        target: { customerId },
        ifVersion,
        version,
      });
      const row: Notifications = {
        customerId,
        recipients,
        digestAt: digestAt ?? known?.digestAt ?? '07:00',
        version: version + 1,
        digestedUntil: wantsDigest(known) ? known.digestedUntil : new Date(context.clock.now()).toISOString(),
      };
      if (known !== undefined && canonicalJson(describe(known)) === canonicalJson(describe(row)))
        return known;
      writeNotifications(transaction, row);
      noteAction({ caller, context }, transaction, {
        customerId,
        action: 'notifications.put.v1',
        target: {},
        detail: {
          before: known === undefined ? null : describe(known),
          after: describe(row),
        },
      });
      return row;
    });
    return await view(context, customer, next);
  },
});

function describe({ recipients, digestAt }: Notifications) {
  return { recipients: recipients.map(({ address, mode }) => ({ address, mode })), digestAt };
}

const shownNotices = 20;

async function view(
  { store, mailer }: Control,
  customer: Customer,
  row: Notifications | undefined,
): Promise<z.input<typeof NotificationsView>> {
  const digest = row === undefined ? undefined : nextDigestAt(row, customer);
  const latest = await listNotices(store, customer.customerId, shownNotices);
  return {
    version: row?.version ?? 0,
    recipients: [...(row?.recipients ?? [])],
    digestAt: row?.digestAt ?? '07:00',
    timeZone: customer.timeZone,
    nextDigestAt: digest === undefined ? null : new Date(digest).toISOString(),
    mail: mailer === undefined ? null : { from: mailer.from },
    notices: latest.map(({ noticeId, kind, createdAt, items, dueAt, deliveries }) => ({
      noticeId,
      kind: z.enum(noticeKinds).parse(kind),
      createdAt,
      runIds: [...new Set(items.map(({ runId }) => runId))],
      nextTryAt: dueAt,
      deliveries: deliveries.map(({ address, state, at, failure }) => ({
        address,
        state,
        at,
        failure: failure === null ? null : { code: failure.code, message: failure.message },
      })),
    })),
  };
}

/** What was before somebody wanted a digest is not told. */
function wantsDigest(row: Notifications | undefined): row is Notifications {
  return row?.recipients.some(({ mode }) => mode === 'digest') === true;
}

function namesEachOnce(recipients: readonly { readonly address: string }[]): boolean {
  return new Set(recipients.map(({ address }) => address.toLowerCase())).size === recipients.length;
}
