import { Failure } from '@flotilla/substrate/failure';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { countOf } from '../output/plain-text.ts';
import { renderRows } from '../output/render-rows.ts';
import { QueryAnswer } from '../rpc/answers.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { openFleet } from './open-fleet.ts';

interface QueryFlags extends FleetFlags {
  readonly maxRows: number;
}

export function addQuery(program: Command, host: Host): void {
  program
    .command('query')
    .summary('ask the warehouse')
    .description(
      "Runs one read-only SQL statement on the warehouse of the local fleet, in DuckDB's dialect, or on the emulators in BigQuery's. For each entity type there is a view of what is now, such as user_current, and one of all that happened, such as user_changes. The table shortens long values; --json has them whole.",
    )
    .argument('<sql>', 'one SELECT or WITH; or - for standard input')
    .option('--max-rows <n>', 'how many rows at most', wholeNumber(1, 100_000), 1000)
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExample:\n  ${command('query', 'SELECT customer_id, count(*) AS users FROM user_current GROUP BY customer_id')}`,
    )
    .action((sql: string, flags: QueryFlags) => runQuery(host, sql, flags));
}

async function runQuery(host: Host, words: string, flags: QueryFlags): Promise<void> {
  const { terminal } = host;
  const sql = words === '-' ? await host.readStandardInput() : words;
  if (sql.trim() === '') {
    throw new Failure('invalid_params', 'There is no SQL', {
      data: { advice: `Such as: ${command('query', 'SELECT count(*) AS users FROM user_current')}` },
    });
  }
  const answer = await openFleet(host, flags)
    .service('warehouse')
    .call('warehouse.query.v1', { sql, maxRows: flags.maxRows }, QueryAnswer);
  if (flags.json) return terminal.print(JSON.stringify(answer, null, 2));
  if (answer.columns.length > 0) terminal.print(renderRows(answer, terminal.colors));
  terminal.note(
    terminal.colors.dim(
      answer.truncated
        ? `The first ${countOf(answer.rows.length, 'row')}; there are more (--max-rows).`
        : countOf(answer.rows.length, 'row'),
    ),
  );
}
