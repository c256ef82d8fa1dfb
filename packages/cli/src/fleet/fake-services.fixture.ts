import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A service small enough for tests of the fleet: it answers /healthz and /readyz, tells its environment, and leaves as services do. */
const soundService = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/environment') return response.end(JSON.stringify(process.env));
  if (request.method !== 'POST') return response.end('ok');
  if (request.headers.authorization !== 'Bearer ' + process.env.FLOTILLA_TOKEN) {
    return response.writeHead(401).end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'No valid token' } }));
  }
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    const { id, method, params } = JSON.parse(text);
    const answer = method === 'echo.v1' ? { result: params } : { error: { code: -32601, message: 'Method not found', data: { didYouMean: 'echo.v1' } } };
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
`;

/** One that is busy when its parent goes, and notices late. */
const lingeringService = soundService.replace(
  "'end', () => process.exit(0)",
  "'end', () => setTimeout(() => process.exit(0), 1_500)",
);

const failingService = `
console.error('the settings are not good');
process.exit(1);
`;

/** Writes a folder of services, sound ones but those that are named as something else. */
export function createFakeServices(
  folder: string,
  names: readonly string[],
  odd: { readonly failing?: readonly string[]; readonly lingering?: readonly string[] } = {},
): void {
  for (const name of names) {
    mkdirSync(join(folder, name, 'src'), { recursive: true });
    const program = odd.failing?.includes(name)
      ? failingService
      : odd.lingering?.includes(name)
        ? lingeringService
        : soundService;
    writeFileSync(join(folder, name, 'src', 'main.ts'), program);
  }
}
