import { isFailure } from '@flotilla/substrate/failure';
import { CustomerId, JsonMembers, Limit } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readCustomer, readCustomers } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import {
  type DeadLetter,
  type DeadLetterPlace,
  deadLetterKinds,
  findPlaces,
  listDeadIn,
} from '../dead-letters.ts';
import { Reason } from './decide-runs.ts';
import { noteAction } from './note-action.ts';

const Kind = z
  .enum(deadLetterKinds)
  .describe(
    '`task`: of a queue. `message`: of a subscription, so that changes have not reached the warehouse',
  );
const QueueName = z
  .string()
  .min(1)
  .max(255)
  .describe("A queue's name (`control`, `oneroster-nightly`), or a subscription's (`warehouse`)");
const LetterId = z.string().min(1).max(500).describe('As deadLetters.list shows it');

/** Of one queue; no more are looked through for those that are meant. */
const mostLookedAt = 1_000;

const DeadLetterView = z.strictObject({
  kind: Kind,
  queue: QueueName,
  id: z.string(),
  name: z.string().nullable().describe("The task's"),
  path: z.string().nullable().describe('What the task is for: the path that it is sent to'),
  orderingKey: z.string().nullable().describe("The message's"),
  about: JsonMembers.describe(
    'Whose it is and which part: customerId, integrationId, runId, slice, firstSequence, lastSequence and the like, as far as it says so',
  ),
  customerName: z.string().nullable().describe('Of the customer that `about` names; null: it names none'),
  bytes: z.int().describe('Of what it carries, which is not shown'),
  attempts: z.int().nullable().describe('Null where the bus does not tell'),
  createdAt: z.iso.datetime().nullable(),
  diedAt: z.iso.datetime(),
  lastStatus: z.int().nullable().describe('HTTP; null where there was no answer, or the bus does not tell'),
  lastAnswer: z.string().describe('The beginning of it, or what happened instead'),
});

export const listDeadLetters = defineMethod({
  name: 'deadLetters.list',
  version: 1,
  summary:
    'Tasks and messages that used up their attempts, latest first: they wait to be replayed or discarded',
  params: z.strictObject({
    kind: Kind.optional().describe('Left out: both'),
    queue: QueueName.optional().describe('Only those of this queue or subscription'),
    limit: Limit,
  }),
  result: z.strictObject({
    deadLetters: z.array(DeadLetterView),
    truncated: z.boolean().describe('There are more: replay or discard these, or ask for one queue'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['unavailable'],
  async run({ context }: Call<Control>, { limit, ...which }) {
    const places = findPlaces(context, which);
    const found = await Promise.all(places.map((place) => listDeadIn(context, place, limit + 1)));
    const letters = found.flat().toSorted((a, b) => Date.parse(b.diedAt) - Date.parse(a.diedAt));
    return {
      deadLetters: await nameOwners(context, letters.slice(0, limit)),
      truncated: letters.length > limit,
    };
  },
});

async function nameOwners({ store }: Control, letters: readonly DeadLetter[]) {
  const owners = letters.map(ownerOf);
  const customers = await readCustomers(
    store,
    owners.filter((owner) => owner !== undefined),
  );
  return letters.map((letter, index) => ({
    ...letter,
    customerName: customers.get(owners[index] ?? '')?.name ?? null,
  }));
}

/** What a task or message says of itself may be anything: what is no customer's id is looked for nowhere. */
function ownerOf({ about }: DeadLetter): string | undefined {
  return CustomerId.safeParse(about.customerId).data;
}

const Chosen = z.strictObject({
  kind: Kind,
  queue: QueueName,
  ids: z.array(LetterId).min(1).max(100),
  reason: Reason.optional(),
});

const missing = z
  .array(z.string())
  .describe('Not there: replayed or discarded before, or never dead. Asking twice does nothing twice');

export const replayDeadLetters = defineMethod({
  name: 'deadLetters.replay',
  version: 1,
  summary: 'Sends dead letters again, once what they died of is mended; each has all its attempts anew',
  params: Chosen,
  result: z.strictObject({
    replayed: z.array(z.string()),
    missing,
    overtaken: z
      .array(z.string())
      .describe('Tasks whose work was queued anew under the same name: they stay, to be discarded'),
  }),
  roles: ['admin', 'orchestrator'],
  errors: ['unavailable'],
  async run(call: Call<Control>, chosen) {
    const { tasks, bus } = call.context;
    const overtaken: string[] = [];
    const outcome = await settle(call, 'deadLetters.replay.v1', chosen, async ({ kind, queue, id }) => {
      try {
        await (kind === 'task' ? tasks.replayDead(queue, id) : bus.replayDead(queue, id));
      } catch (thrown) {
        if (!isFailure(thrown, 'already_exists')) throw thrown;
        overtaken.push(id);
      }
    });
    const replayed = outcome.done.filter((id) => !overtaken.includes(id));
    return { replayed, missing: outcome.missing, overtaken };
  },
});

export const discardDeadLetters = defineMethod({
  name: 'deadLetters.discard',
  version: 1,
  summary: 'Deletes dead letters for good; changes in a message reach the warehouse no more',
  params: Chosen,
  result: z.strictObject({ discarded: z.array(z.string()), missing }),
  roles: ['admin', 'orchestrator'],
  errors: ['unavailable'],
  async run(call: Call<Control>, chosen) {
    const { tasks, bus } = call.context;
    const outcome = await settle(call, 'deadLetters.discard.v1', chosen, ({ kind, queue, id }) =>
      kind === 'task' ? tasks.discardDead(queue, id) : bus.discardDead(queue, id),
    );
    return { discarded: outcome.done, missing: outcome.missing };
  },
});

interface Outcome {
  readonly done: string[];
  readonly missing: string[];
}

/**
 * Each is noted before it is done, since queues and the bus take no part in the store's commit: what fails after that, or somebody else does
 * first, is noted as asked for. One after the other: a repetition after a failure goes on with those that are left.
 */
async function settle(
  call: Call<Control>,
  action: string,
  { kind, queue, ids, reason }: z.output<typeof Chosen>,
  act: (letter: DeadLetter) => Promise<void>,
): Promise<Outcome> {
  const { context, caller } = call;
  const outcome: Outcome = { done: [], missing: [] };
  for (const place of findPlaces(context, { kind, queue })) {
    const lettersById = await readLetters(context, place);
    for (const id of new Set(ids)) {
      const letter = lettersById.get(id);
      const isDone = letter !== undefined && (await noteAndAct(call, action, { letter, reason }, act));
      (isDone ? outcome.done : outcome.missing).push(id);
    }
  }
  // Not all are of a customer, and only customers have an audit trail.
  call.log.info('Dead letters were dealt with', { action, by: caller.name, kind, queue, ...outcome });
  return outcome;
}

async function readLetters(
  context: Control,
  place: DeadLetterPlace,
): Promise<ReadonlyMap<string, DeadLetter>> {
  return new Map((await listDeadIn(context, place, mostLookedAt)).map((letter) => [letter.id, letter]));
}

/** False where somebody else was first. */
async function noteAndAct(
  call: Call<Control>,
  action: string,
  { letter, reason }: { readonly letter: DeadLetter; readonly reason: string | undefined },
  act: (letter: DeadLetter) => Promise<void>,
): Promise<boolean> {
  const { kind, queue, id, about, attempts, diedAt, lastStatus } = letter;
  const { customerId, integrationId, runId } = about;
  if (typeof customerId === 'string') {
    await call.context.store.transaction(async (transaction) => {
      if ((await readCustomer(transaction, customerId)) === undefined) return;
      noteAction(call, transaction, {
        customerId,
        action,
        target: {
          kind,
          queue,
          id,
          ...(integrationId === undefined ? {} : { integrationId }),
          ...(runId === undefined ? {} : { runId }),
        },
        detail: { attempts, diedAt, lastStatus, ...(reason === undefined ? {} : { reason }) },
      });
    });
  }
  try {
    await act(letter);
    return true;
  } catch (thrown) {
    if (isFailure(thrown, 'not_found')) return false;
    throw thrown;
  }
}
