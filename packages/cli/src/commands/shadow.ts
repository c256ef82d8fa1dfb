import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { countOf } from '../output/plain-text.ts';
import { findVersions, type VersionPair } from '../shadow/find-versions.ts';
import { sampleCalls } from '../shadow/sample-calls.ts';
import { type ShadowedCall, shadowCall } from '../shadow/shadow-call.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { openFleet } from './open-fleet.ts';
import { parseJsonObject } from './read-json-input.ts';

interface ShadowFlags extends FleetFlags {
  readonly customer: string;
  readonly integration?: string;
  readonly sample: number;
}

const about = [
  'Calls an old version of a method and the newer one with the same parameters, for one customer, and tells where the answers differ: the newer one is told in the words of the older.',
  'Without JSON, calls are made up for records that are stored, a few of each entity type. What differs is asked once more, since data may change between two calls. Ends with exit code 1 where something differs.',
].join('\n\n');

export function addShadow(program: Command, host: Host): void {
  program
    .command('shadow')
    .summary('compare two versions of a method on a customer')
    .description(about)
    .argument('<vendor>', "the vendor's id, such as oneroster")
    .argument('<method>', 'such as records.read, or records.read.v1 where there are several old ones')
    .argument(
      '[json...]',
      "the older version's parameters, one JSON object a call; the customer need not be in it",
    )
    .requiredOption('--customer <id>', 'as connected')
    .option('--integration <id>', "as connected (default: the vendor's id)")
    .option('--sample <n>', 'made up: how many records of each entity type', wholeNumber(1, 100), 3)
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nExample:\n  ${command('shadow', 'oneroster', 'records.read', '--customer', 'springfield')}`,
    )
    .action((vendor: string, method: string, json: readonly string[], flags: ShadowFlags) =>
      runShadow(host, vendor, method, json, flags),
    );
}

async function runShadow(
  host: Host,
  vendor: string,
  method: string,
  json: readonly string[],
  flags: ShadowFlags,
): Promise<void> {
  const { terminal, clock } = host;
  const fleet = openFleet(host, flags);
  const pair = await findVersions(join(host.repository, 'services'), vendor, method);
  const scope = { customerId: flags.customer, integrationId: flags.integration ?? vendor };
  const calls =
    json.length === 0
      ? await sampleCalls(fleet, pair, { ...scope, records: flags.sample })
      : json.map((text) => ({
          ...scope,
          ...parseJsonObject(text, `parameters of ${method}`, 'the arguments'),
        }));
  const service = fleet.service(vendor);
  const shadowed: ShadowedCall[] = [];
  for (const params of calls) shadowed.push(await shadowCall(service, pair, params, clock));

  if (shadowed.some(({ differences }) => differences.length > 0)) host.markFailed();
  if (flags.json) {
    const versions = { older: pair.older.wireName, newer: pair.translation.newer };
    terminal.print(JSON.stringify({ vendor, ...versions, ...scope, calls: shadowed }, null, 2));
  } else terminal.print(describeShadow(pair, shadowed, terminal.colors));
}

/** Those that differ, each with where; then the sum. */
function describeShadow(
  { older, translation }: VersionPair,
  shadowed: readonly ShadowedCall[],
  { bold, green, red, dim }: Host['terminal']['colors'],
): string {
  const differing = shadowed.filter(({ differences }) => differences.length > 0);
  const lines = differing.flatMap(({ params, differences }) => [
    `${red('differs')}  ${describeParams(params)}`,
    ...differences.flatMap(({ pointer, older: before, newer: after }) => [
      `  ${bold(pointer === '' ? '(the answer)' : toPlainText(pointer, 200))}`,
      `    ${older.wireName}: ${describeValue(before)}`,
      `    ${translation.newer}: ${describeValue(after)}`,
    ]),
    '',
  ]);
  const alike = shadowed.length - differing.length;
  const times = `${median(shadowed.map(({ olderMs }) => olderMs))} ms and ${median(shadowed.map(({ newerMs }) => newerMs))} ms`;
  return [
    ...lines,
    `${bold(older.wireName)} and ${bold(translation.newer)}, ${countOf(shadowed.length, 'call')} of each: ${
      differing.length === 0 ? green('all alike') : `${alike} alike, ${red(`${differing.length} differ`)}`
    }`,
    dim(`Half of the calls took less than ${times}.`),
  ].join('\n');
}

function describeParams(params: JsonObject): string {
  const { customerId: _, integrationId: __, ...own } = params;
  return toPlainText(
    Object.entries(own)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', '),
    200,
  );
}

function describeValue(value: JsonValue | undefined): string {
  return value === undefined ? '(nothing)' : toPlainText(JSON.stringify(value), 300);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
