import { Failure } from '@flotilla/substrate/failure';
import type { Command } from 'commander';
import { type Decision, matchDecisions, parseChoice, parseDecision } from '../conflicts/parse-decision.ts';
import type { CustomerConflict } from '../conflicts/render-conflicts.ts';
import { renderForetold } from '../conflicts/render-foretold.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { countOf } from '../output/plain-text.ts';
import { type ForetoldAnswer, ResolvedAnswer } from '../rpc/answers.ts';
import {
  customerOption,
  entityTypeOption,
  type FleetFlags,
  homeOption,
  integrationOption,
  jsonOption,
} from './command-options.ts';
import { type ConflictFilter, findConflicts } from './find-conflicts.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface ResolveFlags extends FleetFlags, ConflictFilter {
  readonly all?: string;
  readonly reason?: string;
  readonly now?: true;
  readonly dryRun?: true;
}

/** The service decides so many in one commit. */
const atOnce = 100;

const about = [
  'Decides conflicts, each by CONFLICT=ours, CONFLICT=theirs or CONFLICT=VALUE, and prints what the next run will do on either side. CONFLICT is the id that `conflicts` shows, or its beginning; VALUE is JSON.',
  'With --all CHOICE: every open conflict of what --customer, --integration, --entity-type, --record and --run name.',
  'All of a customer are decided, or none where one is not as it was seen (beyond 100, so many at a time). Until a run has followed, a decision may be made anew. With --now a run merges these records at once.',
].join('\n\n');

export function addResolve(program: Command, host: Host): void {
  program
    .command('resolve')
    .summary('decide conflicts: ours, theirs, or a value')
    .description(about)
    .argument('[decision...]', 'such as 1a2b3c4d=theirs')
    .option('--all <choice>', 'decide every open conflict that is meant: ours, theirs, or a value as JSON')
    .addOption(customerOption())
    .addOption(integrationOption())
    .addOption(entityTypeOption())
    .option('--record <id>', 'only of the record with this id')
    .option('--run <id>', 'only those that this run found first; the beginning of its id will do')
    .option('--reason <text>', 'why, for those who read it later')
    .option('--dry-run', 'only print what the next run would do, and decide nothing')
    .option('--now', 'merge these records at once, not with the next run')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((decisions: readonly string[], flags: ResolveFlags) => resolve(host, decisions, flags));
}

async function resolve(host: Host, typed: readonly string[], flags: ResolveFlags): Promise<void> {
  const parsed = typed.map(parseDecision);
  const fleet = openFleet(host, flags);
  requireMeaning(typed, flags);
  const conflicts: CustomerConflict[] = [];
  for await (const conflict of findConflicts(fleet, flags)) conflicts.push(conflict);
  const decisions =
    flags.all === undefined
      ? matchDecisions(parsed, conflicts, commandOn(flags, 'conflicts'))
      : decideAll(conflicts, flags.all);
  const resolved: ResolvedAnswer = { conflicts: [], foretold: [], runIds: [] };
  for (const chunk of chunksOf(decisions)) {
    const answer = await send(fleet, chunk, flags);
    resolved.conflicts.push(...answer.conflicts);
    resolved.foretold.push(...answer.foretold);
    resolved.runIds.push(...answer.runIds);
  }
  if (flags.json) host.terminal.print(JSON.stringify(resolved, null, 2));
  else tell(host, decisions, resolved, flags);
}

function requireMeaning(typed: readonly string[], { all, customer }: ResolveFlags): void {
  if (typed.length > 0 && all !== undefined) {
    throw new Failure('invalid_params', 'Both --all and single decisions are given', {
      data: { advice: 'Decide single ones, or all that are meant, not both.' },
    });
  }
  if (typed.length === 0 && all === undefined) {
    throw new Failure('invalid_params', 'Nothing is decided', {
      data: { advice: 'Name conflicts with their decisions, such as 1a2b3c4d=theirs, or give --all theirs.' },
    });
  }
  if (all === undefined || customer !== undefined) return;
  throw new Failure('invalid_params', '--all needs --customer', {
    data: { advice: 'Say whose conflicts are meant: --customer springfield.' },
  });
}

function decideAll(conflicts: readonly CustomerConflict[], all: string): readonly Decision[] {
  const choice = parseChoice(all, `--all ${all}`);
  return conflicts.filter(({ state }) => state === 'open').map((conflict) => ({ conflict, choice }));
}

/** Customer by customer, as many as one call takes. */
function chunksOf(decisions: readonly Decision[]): readonly (readonly Decision[])[] {
  return [...Map.groupBy(decisions, ({ conflict }) => conflict.customerId).values()].flatMap((ofCustomer) =>
    Array.from({ length: Math.ceil(ofCustomer.length / atOnce) }, (_, index) =>
      ofCustomer.slice(index * atOnce, (index + 1) * atOnce),
    ),
  );
}

async function send(
  { control }: Fleet,
  decisions: readonly Decision[],
  { reason, now, dryRun }: ResolveFlags,
) {
  return await control.call(
    'conflicts.resolve.v1',
    {
      customerId: decisions[0]?.conflict.customerId ?? '',
      decisions: decisions.map(({ conflict, choice }) => ({
        conflictId: conflict.conflictId,
        inputs: conflict.inputs,
        choice,
        ifVersion: conflict.version,
      })),
      ...(reason === undefined ? {} : { reason }),
      ...(now ? { apply: true } : {}),
      ...(dryRun ? { dryRun: true } : {}),
    },
    ResolvedAnswer,
  );
}

function tell(
  { terminal }: Host,
  decisions: readonly Decision[],
  { conflicts, foretold, runIds }: ResolvedAnswer,
  flags: ResolveFlags,
): void {
  if (decisions.length === 0) {
    terminal.print('No open conflicts, so nothing was decided.');
    return;
  }
  const count = countOf(decisions.length, 'conflict');
  const title = flags.dryRun
    ? `${count} would be decided. What the run that follows would do:`
    : `${count} decided. What the run that follows will do:`;
  terminal.print(`${title}\n`);
  terminal.print(renderForetold(conflicts, foretold, terminal));
  for (const line of describeWaiting(decisions, foretold)) terminal.note(line);
  if (flags.dryRun) {
    terminal.note('Nothing was decided: without --dry-run it is.');
    return;
  }
  for (const runId of runIds) terminal.note(`Under way: ${commandOn(flags, 'report', runId)}`);
  if (runIds.length > 0) return;
  const [{ conflict } = { conflict: undefined }] = decisions;
  if (conflict === undefined) return;
  const later = flags.now ? 'No run could be begun at once (is the integration paused?). ' : '';
  const sync = commandOn(flags, 'sync', conflict.customerId, conflict.integrationId);
  terminal.note(`${later}The next run follows. To start one: ${sync}`);
}

/** Records of which another conflict is open still: nothing of them is merged until that is decided too. */
function describeWaiting(
  decisions: readonly Decision[],
  foretold: readonly ForetoldAnswer[],
): readonly string[] {
  const waitsById = new Map(foretold.map(({ conflictId, waitsFor }) => [conflictId, waitsFor]));
  const open = new Map(
    decisions.map(({ conflict }) => [recordOf(conflict), waitsById.get(conflict.conflictId) ?? 0]),
  );
  const waiting = [...open.values()].filter((count) => count > 0);
  if (waiting.length === 0) return [];
  const left = waiting.reduce((sum, count) => sum + count, 0);
  const [has, it] = waiting.length === 1 ? ['has', 'it'] : ['have', 'them'];
  return [
    `${countOf(waiting.length, 'record')} ${has} ${countOf(left, 'other open conflict')}: nothing of ${it} is merged until all are decided.`,
  ];
}

function recordOf({ customerId, integrationId, entityType, recordId }: CustomerConflict): string {
  return JSON.stringify([customerId, integrationId, entityType, recordId]);
}
