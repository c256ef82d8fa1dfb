import { Failure } from '@flotilla/substrate/failure';
import { createOneRosterSimulator, type OneRosterSimulator } from '../simulator.ts';
import { warningToText } from './csv/csv-warning.ts';
import { quirks } from './quirks.ts';

/** A flag of `flotilla simulate oneroster`, for the command line to declare. */
export interface SimulatorFlag {
  /** As commander reads it: `--port <number>`. */
  readonly flags: string;
  readonly description: string;
  readonly repeatable: boolean;
}

/** Pure. Every flag, in the order of the help text; `startOneRosterSimulator` takes what commander makes of them. */
export const simulatorFlags: readonly SimulatorFlag[] = [
  flag('--port <number>', 'port to listen on (default: any free one)'),
  flag('--host <address>', 'address to listen on (default: 127.0.0.1)'),
  flag(
    '--data <path>',
    'a folder or ZIP file with a OneRoster CSV set to serve (default: a generated district)',
  ),
  flag('--students <number>', 'size of the generated district; about 10 records a student (default: 500)'),
  flag(
    '--seed <number>',
    'what the generated district is made from; equal seeds, equal districts (default: 1)',
  ),
  flag(
    '--assignments <number>',
    'graded pieces of work in the generated district; 0 for none (default: students / 30)',
  ),
  flag('--version <version>', '1.1 or 1.2 (default: what the CSV set says, else 1.2)'),
  flag(
    '--auth <style>',
    'oauth1 or oauth2 (default: oauth1 for version 1.1, oauth2 for 1.2, which has no other)',
  ),
  flag('--client-id <id>', 'OAuth 2 client id or OAuth 1 consumer key (default: random)'),
  flag('--client-secret <secret>', 'OAuth 2 client secret or OAuth 1 consumer secret (default: random)'),
  flag('--token-lifetime <seconds>', 'how long OAuth 2 tokens hold (default: 3600)'),
  flag('--prefix <path>', "the provider's own path before /ims/oneroster (default: none)"),
  flag('--fault <line>', 'a fault, such as "GET /users page=3: 429 retry-after=2"', true),
  flag('--quirk <name>', `a departure from the standard: ${Object.keys(quirks).join(', ')}`, true),
  flag('--admin-token <token>', 'guards the admin endpoint (default: random)'),
];

/** What the command line found; numbers still as text. */
export interface SimulatorArguments {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly students?: string;
  readonly seed?: string;
  readonly assignments?: string;
  readonly version?: string;
  readonly auth?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly tokenLifetime?: string;
  readonly prefix?: string;
  readonly fault?: readonly string[];
  readonly quirk?: readonly string[];
  readonly adminToken?: string;
}

export interface StartedSimulator {
  readonly simulator: OneRosterSimulator;
  /** What to show to a person: where it is, how to get in, what it serves, and every warning. */
  readonly lines: readonly string[];
}

/** Creates the simulator and listens. Throws `config_invalid` or `invalid_params`, saying which flag to correct. */
export async function startOneRosterSimulator(given: SimulatorArguments): Promise<StartedSimulator> {
  const { data, prefix, adminToken, clientId, clientSecret } = given;
  const students = wholeNumber('--students', given.students);
  const seed = wholeNumber('--seed', given.seed);
  const assignments = wholeNumber('--assignments', given.assignments);
  const district = definedMembers({ students, seed, assignments });
  if (data !== undefined && Object.keys(district).length > 0) {
    throw new Failure(
      'config_invalid',
      '--data serves a CSV set; --students, --seed and --assignments make a district: take one',
      {
        data: { data },
      },
    );
  }
  const port = wholeNumber('--port', given.port) ?? 0;
  if (port > 65_535)
    throw new Failure('config_invalid', '--port must be at most 65535', { data: { found: port } });
  const simulator = await createOneRosterSimulator({
    ...definedMembers({ data, prefix, adminToken, clientId, clientSecret }),
    ...(data === undefined ? { district } : {}),
    ...definedMembers({
      version: choice('--version', given.version, ['1.1', '1.2']),
      auth: choice('--auth', given.auth, ['oauth1', 'oauth2']),
      tokenLifetimeSeconds: wholeNumber('--token-lifetime', given.tokenLifetime),
    }),
    faults: given.fault ?? [],
    quirks: given.quirk ?? [],
  });
  await simulator.listen(port, given.host);
  return { simulator, lines: describeSimulator(simulator) };
}

/** Pure, once it listens. */
function describeSimulator(simulator: OneRosterSimulator): readonly string[] {
  const { credentials } = simulator;
  const counts = Object.entries(simulator.counts()).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const access =
    credentials.kind === 'oauth1'
      ? [
          `consumer key  ${credentials.consumerKey}`,
          `secret        ${credentials.consumerSecret}`,
          'signing       OAuth 1.0a, HMAC-SHA1 or HMAC-SHA256',
        ]
      : [
          `token URL     ${simulator.tokenUrl}`,
          `client id     ${credentials.clientId}`,
          `secret        ${credentials.clientSecret}`,
        ];
  return [
    `OneRoster ${simulator.version} at ${simulator.baseUrl}`,
    ...access,
    `admin         ${simulator.origin}/admin (Authorization: Bearer ${simulator.adminToken})`,
    `serves        ${total} records: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    ...(simulator.warnings.length === 0 ? [] : [`${simulator.warnings.length} warnings:`]),
    ...simulator.warnings.map((warning) => `  ${warningToText(warning)}`),
  ];
}

function flag(flags: string, description: string, repeatable = false): SimulatorFlag {
  return { flags, description, repeatable };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Failure('config_invalid', 'A flag needs a whole number', { data: { flag: name, found: text } });
}

function choice<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const chosen = choices.find((one) => one === text);
  if (chosen !== undefined) return chosen;
  throw new Failure('config_invalid', 'A flag has a value that it does not know', {
    data: { flag: name, found: text, expected: choices },
  });
}

function definedMembers<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
