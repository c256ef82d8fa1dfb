import { type Command, Option } from 'commander';
import { type CustomerConflict, renderConflicts } from '../conflicts/render-conflicts.ts';
import type { Host } from '../host.ts';
import { countOf } from '../output/plain-text.ts';
import { shortId } from '../output/show-moment.ts';
import {
  customerOption,
  entityTypeOption,
  type FleetFlags,
  homeOption,
  integrationOption,
  jsonOption,
  wholeNumber,
} from './command-options.ts';
import { type ConflictFilter, findConflicts } from './find-conflicts.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface ConflictsFlags extends FleetFlags, ConflictFilter {
  readonly limit: number;
}

const about = [
  'Lists fields that both sides changed differently, which wait for a decision: what both last had in common (base), what we have (ours) and what the vendor has (theirs), side by side.',
  'Those that were decided stay listed until a run has followed the decision. Long values are shown shortened; --json has them whole.',
].join('\n\n');

export function addConflicts(program: Command, host: Host): void {
  program
    .command('conflicts')
    .summary('list what waits for a decision, side by side')
    .description(about)
    .argument('[run]', 'the same as --run')
    .addOption(customerOption())
    .addOption(integrationOption())
    .addOption(entityTypeOption())
    .option('--record <id>', 'only of the record with this id')
    .option('--run <id>', 'only those that this run found first; the beginning of its id will do')
    .addOption(
      new Option(
        '--state <name>',
        'only those in this state; the last two need --integration, or a whole run id',
      ).choices(['open', 'decided', 'resolved', 'obsolete']),
    )
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 50)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string | undefined, flags: ConflictsFlags) =>
      showConflicts(host, run === undefined ? flags : { ...flags, run }),
    );
}

async function showConflicts(host: Host, flags: ConflictsFlags): Promise<void> {
  const { terminal } = host;
  const found: CustomerConflict[] = [];
  let hasMore = false;
  for await (const conflict of findConflicts(openFleet(host, flags), flags)) {
    hasMore = found.length === flags.limit;
    if (hasMore) break;
    found.push(conflict);
  }
  if (flags.json) terminal.print(JSON.stringify(found, null, 2));
  else if (found.length === 0) terminal.print('No conflicts.');
  else {
    terminal.print(renderConflicts(found, terminal));
    terminal.note(
      `\n${countOf(found.length, 'conflict')}${hasMore ? ', and there are more: see --limit' : ''}`,
    );
    const example = found.find(({ state }) => state === 'open');
    if (example === undefined) return;
    const decision = `${shortId(example.conflictId)}=theirs`;
    terminal.note(`To decide one, by ours, theirs or a value: ${commandOn(flags, 'resolve', decision)}`);
  }
}
