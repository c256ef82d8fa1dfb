import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { renderTable } from '../output/table.ts';
import { DiscoverAnswer, type DiscoveredMethod } from '../rpc/answers.ts';
import { type RpcClient, rpcErrorToFailure } from '../rpc/rpc-client.ts';
import { type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { describeMethod } from './describe-method.ts';
import { commandOn, openFleet } from './open-fleet.ts';
import { parseJsonObject } from './read-json-input.ts';

export function addCall(program: Command, host: Host): void {
  program
    .command('call')
    .summary('call a method of a service')
    .description(
      'Calls a JSON-RPC method of a service and prints its result. Without METHOD: the methods of the service. Without JSON: calls it if it needs no parameters, else says which ones.',
    )
    .argument('<service>', 'such as control')
    .argument('[method]', 'such as customers.list.v1')
    .argument('[json]', 'the parameters as a JSON object, or - for standard input')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', `\nExample:\n  ${command('call', 'control', 'customers.list.v1', '{"limit": 5}')}`)
    .action((service: string, method: string | undefined, json: string | undefined, flags: FleetFlags) =>
      runCall(host, { service, method, json }, flags),
    );
}

interface CallWords {
  readonly service: string;
  readonly method: string | undefined;
  readonly json: string | undefined;
}

async function runCall(host: Host, { service, method, json }: CallWords, flags: FleetFlags): Promise<void> {
  const client = openFleet(host, flags).service(service);
  if (method === undefined) return await listMethods(host, client, flags);
  const params =
    json === undefined ? await paramsOfNone(client, method, flags) : await readParams(host, json, method);
  const answer = await client.send(method, params);
  if ('result' in answer) {
    host.terminal.print(JSON.stringify(answer.result, null, 2));
    return;
  }
  if (!flags.json) throw rpcErrorToFailure(answer.error, service, method);
  // As the service sent it: a program branches on `data.code`.
  host.terminal.note(JSON.stringify({ error: answer.error }));
  host.markFailed();
}

async function listMethods(host: Host, client: RpcClient, { json }: FleetFlags): Promise<void> {
  const { terminal } = host;
  const methods = await discover(client);
  if (json) terminal.print(JSON.stringify(methods, null, 2));
  else {
    const rows = methods.map(({ name, summary }) => [terminal.colors.bold(name), summary]);
    terminal.print(renderTable([{ title: 'method' }, { title: 'what it does' }], rows, terminal.colors));
  }
}

async function readParams(host: Host, json: string, method: string): Promise<JsonObject> {
  if (json === '-')
    return parseJsonObject(await host.readStandardInput(), `parameters of ${method}`, 'standard input');
  return parseJsonObject(json, `parameters of ${method}`, 'the third argument');
}

async function paramsOfNone(client: RpcClient, name: string, flags: FleetFlags): Promise<JsonObject> {
  const method = (await discover(client)).find((one) => one.name === name);
  // The service itself says best what is wrong with an unknown name.
  if (method === undefined || method.params.every(({ required }) => !required)) return {};
  throw new Failure('invalid_params', 'This method needs parameters', {
    data: {
      method: name,
      parameters: describeMethod(method),
      advice: `Give them as JSON: ${commandOn(flags, 'call', client.service, name, exampleOf(method))}`,
    },
  });
}

function exampleOf(method: DiscoveredMethod): string {
  const required = method.params.filter((param) => param.required);
  return JSON.stringify(Object.fromEntries(required.map(({ name }) => [name, '…'])));
}

async function discover(client: RpcClient): Promise<readonly DiscoveredMethod[]> {
  return (await client.call('rpc.discover', {}, DiscoverAnswer)).methods;
}
