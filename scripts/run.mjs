// The one file that runs on the machine's own Node (>= 20): it installs what is missing and hands over to the
// pinned Node 24 that the install brought. Everything else in the repository runs on that one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stamp = join(root, 'node_modules', '.flotilla-installed');

/** What an install depends on: the lock file, the workspace file and every manifest. */
function inputsDigest() {
  const hash = createHash('sha256');
  const manifests = ['packages', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests.sort()]) {
    if (existsSync(join(root, path))) hash.update(path).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function installIfMissing() {
  const digest = inputsDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  process.stderr.write('Installing what is missing (once; about a minute) ...\n');
  const flags = ['--frozen-lockfile', '--reporter=silent', '--config.engine-strict=false'];
  const install = spawnSync('npx', ['--yes', packageManager, 'install', ...flags], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // npx would otherwise pass npm's own settings on, and pnpm reads some of them.
    env: { ...process.env, NO_UPDATE_NOTIFIER: '1' },
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    process.stderr.write(
      `The install failed (exit ${install.status ?? install.signal ?? install.error?.message}).\n` +
        `See the lines above; to retry by hand: npx --yes ${packageManager} install --frozen-lockfile\n`,
    );
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** A command is a script of ours (`scripts/x.ts`), our command line (`flotilla`), or a tool from node_modules. */
function resolveCommand([name, ...rest]) {
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  if (name === 'flotilla') return [node, [join(root, 'packages/cli/src/main.ts'), ...rest]];
  if (name?.endsWith('.ts')) return [node, [join(root, name), ...rest]];
  return [join(root, 'node_modules', '.bin', name), rest];
}

installIfMissing();
const [command, args] = resolveCommand(process.argv.slice(2));
const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':');
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(command, args, { cwd: args[0]?.includes('packages/cli') ? cwd : root, stdio: 'inherit', env: { ...process.env, PATH: path } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
