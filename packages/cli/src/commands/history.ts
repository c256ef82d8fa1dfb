import { callRecord } from '@flotilla/substrate/report/call-record';
import type { Command } from 'commander';
import { renderHistory } from '../history/render-history.ts';
import type { Host } from '../host.ts';
import { listHistory } from '../rpc/listings.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { findIntegration } from './find-customers.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface HistoryFlags extends FleetFlags {
  readonly customer?: string;
  readonly integration?: string;
  readonly limit: number;
}

export function addHistory(program: Command, host: Host): void {
  program
    .command('history')
    .summary("show one record's history")
    .description(
      "Shows a record's changes on our side, latest first: when, by which run, who edited, decided, approved or took back, what each field was and became, and which rule decided where it was more than that one side had changed it. Also of a record that is deleted.",
    )
    .argument('<entity-type>', 'such as user')
    .argument('<record>', "the record's id")
    .option('--customer <id>', 'whose record; may be left out where there is one customer')
    .option('--integration <id>', 'of which integration; may be left out where the customer has one')
    .option('--limit <n>', 'how many changes', wholeNumber(1, 100_000), 50)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((entityType: string, recordId: string, flags: HistoryFlags) =>
      showHistory(host, entityType, recordId, flags),
    );
}

async function showHistory(
  host: Host,
  entityType: string,
  recordId: string,
  flags: HistoryFlags,
): Promise<void> {
  const { terminal } = host;
  const fleet = openFleet(host, flags);
  const { customerId, integrationId } = await findIntegration(fleet, flags);
  const scope = { customerId, integrationId };
  const { rows, hasMore, name, movedTo } = await listHistory(
    fleet.control,
    { ...scope, entityType, recordId },
    flags.limit,
  );
  if (flags.json) {
    terminal.print(JSON.stringify({ ...scope, entityType, recordId, name, movedTo, changes: rows }, null, 2));
    return;
  }
  const title = `${scope.customerId} / ${scope.integrationId}: ${callRecord({ entityType, recordId, name })}`;
  terminal.print(terminal.colors.bold(title));
  terminal.print(rows.length === 0 ? 'No changes yet.' : renderHistory(rows, terminal));
  if (hasMore) terminal.note('There are more, earlier ones: see --limit');
  if (movedTo === null) return;
  const words = ['history', entityType, movedTo, '--customer', customerId, '--integration', integrationId];
  terminal.note(`The vendor has given it another id since; what came later: ${commandOn(flags, ...words)}`);
}
