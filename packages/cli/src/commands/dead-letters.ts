import { Failure } from '@flotilla/substrate/failure';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { Command } from 'commander';
import { Argument } from 'commander';
import type { Host } from '../host.ts';
import { callCustomer } from '../output/call-customer.ts';
import { command } from '../output/command-line.ts';
import { countOf, formatCount } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import { type DeadLetterAnswer, DeadLettersAnswer, DiscardedAnswer, ReplayedAnswer } from '../rpc/answers.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { commandOn, openFleet } from './open-fleet.ts';

type Kind = 'task' | 'message';

interface ListFlags extends FleetFlags {
  readonly kind?: Kind;
  readonly queue?: string;
  readonly limit: number;
}

interface SettleFlags extends FleetFlags {
  readonly all?: true;
  readonly reason?: string;
}

const kinds: readonly Kind[] = ['task', 'message'];

export function addDeadLetters(program: Command, host: Host): void {
  const deadLetters = program
    .command('dead-letters')
    .summary('what was given up, to be replayed or discarded')
    .description(
      'Lists tasks and messages that used up their attempts, latest first. A task is of a queue, a message of a subscription: its changes have not reached the warehouse.',
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExample:\n  ${command('dead-letters', 'replay', 'message', 'warehouse', '--all', '--reason', 'the table is there')}`,
    );
  deadLetters
    .command('list', { isDefault: true })
    .summary('list them')
    .description('Lists tasks and messages that used up their attempts, latest first.')
    .option('--kind <kind>', `only these: ${kinds.join(' or ')}`)
    .option('--queue <name>', 'only those of this queue or subscription')
    .option('--limit <n>', 'how many', wholeNumber(1, 1_000), 100)
    .action((_flags: ListFlags, own: Command) => showDeadLetters(host, own.optsWithGlobals()));
  for (const [verb, summary, description] of [
    [
      'replay',
      'send them again',
      'Sends dead letters again, with all their attempts anew: once what they died of is mended.',
    ],
    [
      'discard',
      'delete them for good',
      'Deletes dead letters for good. Changes in a message reach the warehouse no more.',
    ],
  ] as const) {
    deadLetters
      .command(verb)
      .summary(summary)
      .description(description)
      .addArgument(new Argument('<kind>', 'what they are').choices(kinds))
      .argument('<queue>', 'the queue, or the subscription')
      .argument('[ids...]', 'as the list shows them')
      .option('--all', 'all that are in this queue now')
      .option('--reason <text>', 'for those who read the audit trail later')
      .action((kind: Kind, queue: string, ids: readonly string[], _flags: SettleFlags, own: Command) =>
        settle(host, verb, { kind, queue, ids }, own.optsWithGlobals()),
      );
  }
}

async function showDeadLetters(host: Host, { kind, queue, limit, ...flags }: ListFlags): Promise<void> {
  const { terminal } = host;
  const { control } = openFleet(host, flags);
  const params = {
    limit,
    ...(kind === undefined ? {} : { kind }),
    ...(queue === undefined ? {} : { queue }),
  };
  const answer = await control.call('deadLetters.list.v1', params, DeadLettersAnswer);
  const { deadLetters, truncated } = answer;
  if (flags.json) return terminal.print(JSON.stringify(answer, null, 2));
  if (deadLetters.length === 0) return terminal.print('No dead letters.');
  terminal.print(renderDeadLetters(deadLetters, terminal.colors));
  if (truncated)
    terminal.note(
      terminal.colors.dim(`The latest ${formatCount(deadLetters.length)}; there are more (--limit).`),
    );
  const { kind: first, queue: where, id } = deadLetters[0] ?? { kind: 'KIND', queue: 'QUEUE', id: 'ID' };
  terminal.note(`Once the cause is mended: ${commandOn(flags, 'dead-letters', 'replay', first, where, id)}`);
}

function renderDeadLetters(letters: readonly DeadLetterAnswer[], colors: Colors): string {
  return renderTable(
    [
      ...['kind', 'queue', 'id', 'whose', 'what', 'died'].map((title) => ({ title })),
      { title: 'attempts', align: 'right' as const },
      { title: 'bytes', align: 'right' as const },
      { title: 'last answer' },
    ],
    letters.map((letter) => [
      letter.kind,
      letter.queue,
      letter.id,
      whose(letter),
      what(letter),
      `${letter.diedAt.slice(0, 19).replace('T', ' ')}Z`,
      letter.attempts === null ? '?' : formatCount(letter.attempts),
      formatCount(letter.bytes),
      colors.red(toPlainText(`${letter.lastStatus ?? ''} ${letter.lastAnswer}`.trim(), 60)),
    ]),
    colors,
  );
}

function whose({ about: { customerId, integrationId }, customerName }: DeadLetterAnswer): string {
  const customer =
    customerId === undefined
      ? undefined
      : callCustomer({ customerId: `${customerId}`, customerName: customerName ?? undefined });
  return toPlainText([customer, integrationId].filter((one) => one !== undefined).join('/'), 60);
}

/** A slice of a run, or changes from one sequence to another. */
function what({ path, about }: DeadLetterAnswer): string {
  const { runId, slice, firstSequence, lastSequence } = about;
  const changes = firstSequence === undefined ? '' : `changes ${firstSequence} to ${lastSequence ?? '?'}`;
  const run = runId === undefined ? '' : `run ${String(runId).slice(0, 8)}`;
  const part = slice === undefined ? '' : `slice ${slice}`;
  const task = path?.replace(/^\/tasks\//, '') ?? '';
  return toPlainText([task, run, part, changes].filter((one) => one !== '').join(' '), 60);
}

interface Chosen {
  readonly kind: Kind;
  readonly queue: string;
  readonly ids: readonly string[];
}

/** So many ids a call takes. */
const idsAtOnce = 100;

async function settle(
  host: Host,
  verb: 'replay' | 'discard',
  { kind, queue, ids: named }: Chosen,
  flags: SettleFlags,
): Promise<void> {
  const { all, reason, json } = flags;
  const { control } = openFleet(host, flags);
  requireEither(named, all, commandOn(flags, 'dead-letters'));
  const ids = all ? await listIds(control, kind, queue) : named;
  const total = { done: [] as string[], missing: [] as string[], overtaken: [] as string[] };
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const chosen = { kind, queue, ids: ids.slice(from, from + idsAtOnce) };
    const params = { ...chosen, ...(reason === undefined ? {} : { reason }) };
    if (verb === 'replay') {
      const answer = await control.call('deadLetters.replay.v1', params, ReplayedAnswer);
      total.done.push(...answer.replayed);
      total.missing.push(...answer.missing);
      total.overtaken.push(...answer.overtaken);
    } else {
      const answer = await control.call('deadLetters.discard.v1', params, DiscardedAnswer);
      total.done.push(...answer.discarded);
      total.missing.push(...answer.missing);
    }
  }
  tell(host, verb, total, json === true);
  // With --all, whoever was faster did the same.
  if (!all && total.done.length < new Set(ids).size) host.markFailed();
}

interface Total {
  readonly done: readonly string[];
  readonly missing: readonly string[];
  readonly overtaken: readonly string[];
}

function tell({ terminal }: Host, verb: 'replay' | 'discard', total: Total, isJson: boolean): void {
  const { done, missing, overtaken } = total;
  if (isJson) {
    const named = verb === 'replay' ? { replayed: done, missing, overtaken } : { discarded: done, missing };
    return terminal.print(JSON.stringify(named, null, 2));
  }
  const past = verb === 'replay' ? 'Replayed' : 'Discarded';
  terminal.print(`${past} ${countOf(done.length, 'dead letter')}.`);
  if (missing.length > 0)
    terminal.note(
      `Not there, so replayed or discarded before, or never dead: ${toPlainText(missing.join(', '), 500)}`,
    );
  if (overtaken.length > 0)
    terminal.note(
      `Queued anew meanwhile under the same name, so to be discarded: ${toPlainText(overtaken.join(', '), 500)}`,
    );
}

function requireEither(ids: readonly string[], all: true | undefined, list: string): void {
  if (all === (ids.length === 0 ? true : undefined)) return;
  throw new Failure('invalid_params', all ? 'Both ids and --all' : 'Neither ids nor --all', {
    data: { advice: `Give one of them. See which there are: ${list}` },
  });
}

async function listIds(control: RpcClient, kind: Kind, queue: string): Promise<readonly string[]> {
  const params = { kind, queue, limit: 1_000 };
  const { deadLetters } = await control.call('deadLetters.list.v1', params, DeadLettersAnswer);
  return deadLetters.map(({ id }) => id);
}
