import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { Command } from 'commander';
import { z } from 'zod';
import { platformServices } from '../fleet/choose-services.ts';
import { connectCustomer } from '../fleet/connect-customer.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { findExported } from '../fleet/find-exported.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { DescribeAnswer } from '../rpc/answers.ts';
import { checkForm } from './check-form.ts';
import { collect, type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { commandOn, openFleet } from './open-fleet.ts';
import { parseJsonObject, readTextFile } from './read-json-input.ts';

interface ConnectFlags extends FleetFlags {
  readonly baseUrl?: string;
  readonly credential: string;
  readonly integration?: string;
  readonly name?: string;
  readonly timeZone?: string;
  readonly set?: readonly string[];
}

export function addConnect(program: Command, host: Host): void {
  program
    .command('connect')
    .summary('connect a customer to a vendor')
    .description(
      'Connects a customer to a vendor: registers the customer if it is new, stores the connection and the credential, then checks that the vendor accepts them. Doing it again changes what is stored.',
    )
    .argument('<customer>', 'an id of your choice, such as springfield')
    .argument('<vendor>', "the vendor's id, such as oneroster")
    .option('--base-url <url>', "the address of the vendor's interface, where it has none of its own")
    .requiredOption('--credential <file>', 'a file with the credential as JSON, or - for standard input')
    .option('--integration <id>', "the name of this connection (default: the vendor's id)")
    .option('--name <name>', "the customer's full name (default, for a new one: the id)")
    .option(
      '--time-zone <zone>',
      "the customer's time zone, such as America/Chicago (default, for a new one: UTC)",
    )
    .option(
      '--set <key=value>',
      'another setting of the connection, such as version=1.1; may be repeated',
      collect,
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((customer: string, vendor: string, flags: ConnectFlags) =>
      runConnect(host, customer, vendor, flags),
    );
}

async function runConnect(
  host: Host,
  customerId: string,
  vendor: string,
  flags: ConnectFlags,
): Promise<void> {
  const { terminal } = host;
  const { colors } = terminal;
  const fleet = openFleet(host, flags);
  const { title, connection: schema, credential: form } = await describeVendor(host, fleet, vendor);
  const connection = readConnection(flags, schema.properties);
  const credential = await readCredential(host, flags.credential);
  checkForm('connection', schema as JsonObject, connection);
  checkForm('credential', form as JsonObject, credential);

  const { name, timeZone, integration } = flags;
  const { customer, integrationId, created, check } = await connectCustomer(fleet, {
    customerId,
    vendor,
    connection,
    credential,
    name,
    timeZone,
    integrationId: integration,
  });

  if (flags.json) terminal.print(JSON.stringify({ customerId, integrationId, customer, created, check }));
  else {
    terminal.print(`customer     ${customerId}  ${customer}`);
    terminal.print(`integration  ${integrationId}  ${created ? 'new' : 'changed'}, ${title}`);
    terminal.print('credential   stored, encrypted; it cannot be read back');
    if (check.ok) {
      terminal.print(`connection   ${colors.green('works')}`);
      terminal.print(`\nNow: ${commandOn(flags, 'sync', customerId, integrationId, '--wait')}`);
    }
  }
  if (check.ok) return;
  throw new Failure('invalid_params', 'Everything is stored, but the connection does not work', {
    data: {
      failure: check.failure?.code,
      ...check.failure?.data,
      reason: check.failure?.message,
      advice: `${check.advice ?? 'See the reason.'} Then connect again with the same words: what is stored is replaced.`,
    },
  });
}

/** Fails with `not_found` for what is a service of the fleet, but no vendor's, and for a vendor whose service was not started. */
async function describeVendor(
  { repository }: Host,
  fleet: Fleet,
  vendor: string,
): Promise<z.output<typeof DescribeAnswer>> {
  const vendors = fleet.names.filter((name) => !platformServices.includes(name));
  if (vendors.includes(vendor))
    return await fleet.service(vendor).call('vendor.describe.v1', {}, DescribeAnswer);
  const isThere = findExported(join(repository, 'services'), './vendor').some((one) => one.vendor === vendor);
  const nearest = findNearest(vendor, vendors);
  const hint = isThere
    ? ` To start this one too: ${command('dev', '--services', [...vendors, vendor].join(','))}`
    : nearest === undefined
      ? ''
      : ` Is ${nearest} meant?`;
  throw new Failure('not_found', 'The fleet has no service for this vendor', {
    data: { vendor, advice: `There are ${vendors.join(', ')}.${hint}` },
  });
}

function readConnection(
  { baseUrl, set = [] }: ConnectFlags,
  properties: Readonly<Record<string, { readonly [name: string]: unknown }>>,
): JsonObject {
  const connection: Record<string, JsonValue> = baseUrl === undefined ? {} : { baseUrl };
  for (const setting of set) {
    const [, key = '', text = ''] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) {
      const known = Object.keys(properties).filter((name) => name !== 'baseUrl');
      const nearest = findNearest(key, known);
      throw new Failure('invalid_params', 'The vendor has no such setting', {
        data: {
          found: `--set ${setting}`,
          advice: `Say --set key=value, where key is one of ${known.join(', ')}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`,
        },
      });
    }
    connection[key] = isText(schema) ? text : parseSetting(setting, text);
  }
  return connection;
}

/** `version=1.1` is the text "1.1", since the vendor's schema says so; a list or a flag is JSON. */
function isText({ type, enum: values }: { readonly [name: string]: unknown }): boolean {
  return type === 'string' || (Array.isArray(values) && values.every((value) => typeof value === 'string'));
}

function parseSetting(setting: string, text: string): JsonValue {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('invalid_params', 'The value of this setting must be JSON', {
      data: { found: `--set ${setting}`, advice: `Such as --set 'scopes=["a", "b"]'` },
      cause,
    });
  }
}

async function readCredential(host: Host, source: string): Promise<JsonObject> {
  if (source === '-')
    return parseJsonObject(await host.readStandardInput(), 'the credential', 'standard input');
  const path = resolve(host.cwd, source);
  const credential = parseJsonObject(readTextFile(path, 'the credential'), 'the credential', path);
  const { mode } = statSync(path);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
    host.terminal.note(
      host.terminal.colors.yellow(`Other users of this machine can read ${path}: chmod 600 it.`),
    );
  }
  return credential;
}
