// The one file that runs on the machine's own Node (>= 20): it installs what is missing and hands over to the
// pinned Node 24 that the install brought. Everything else in the repository runs on that one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bin = join(root, 'node_modules', '.bin');
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');
const stamp = join(root, 'node_modules', '.flotilla-installed');
const lock = join(root, '.flotilla', 'install.lock');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Flotilla needs Node 20 or newer to start; this is ${process.version}. Install one from https://nodejs.org`,
  );
}
const words = process.argv.slice(2);
if (words.length === 0)
  fail('Say what to run: node scripts/run.mjs (flotilla | <tool> | scripts/<file>.ts) [arguments]');

if (!isInstalled()) installUnderLock();
start(resolveCommand(words));

/** The stamp is written when an install has ended well and removed before one begins, so a half-finished one has none. */
function isInstalled() {
  return existsSync(stamp) && existsSync(pinnedNode) && readFileSync(stamp, 'utf8') === inputsDigest();
}

/** What an install depends on: the lock file, the workspace file, and what each manifest asks for. */
function inputsDigest() {
  const hash = createHash('sha256');
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, path)));
  for (const path of ['package.json', ...workspaceManifests()]) {
    const { name, dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, path), 'utf8'),
    );
    hash.update(JSON.stringify([path, name, dependencies, devDependencies, optionalDependencies]));
  }
  return hash.digest('hex');
}

function workspaceManifests() {
  return (
    ['packages', 'services']
      .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
      // A service may have pages, whose tools are none of the service's.
      .flatMap((folder) => [join(folder, 'package.json'), join(folder, 'dashboard', 'package.json')])
      .filter((path) => existsSync(join(root, path)))
      .sort()
  );
}

/** Two first commands at once: one installs, the other waits for it. */
function installUnderLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waits = 0; !takeLock(); waits++) {
    if (waits === 0) process.stderr.write('Another command is installing; waiting for it ...\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  // Ctrl-C reaches the installer from the terminal; spawnSync then returns and the lock is released below.
  process.on('SIGINT', waitForInstaller);
  try {
    if (!isInstalled()) install();
  } finally {
    process.off('SIGINT', waitForInstaller);
    rmSync(lock, { force: true });
  }
}

function waitForInstaller() {}

function takeLock() {
  const mine = `${lock}.${process.pid}`;
  try {
    // A link of a complete file: nobody ever reads a lock without its owner's number.
    writeFileSync(mine, String(process.pid));
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    removeLockOfDead();
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves the lock aside before judging it, so that of two waiters only one can remove it. */
function removeLockOfDead() {
  if (isAlive(ownerOf(lock))) return;
  const aside = `${lock}.${process.pid}.aside`;
  try {
    renameSync(lock, aside);
    // Somebody else was quicker, and what we moved is a new owner's: put it back.
    if (isAlive(ownerOf(aside))) linkSync(aside, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install() {
  process.stderr.write('Installing what is missing (once; about a minute) ...\n');
  rmSync(stamp, { force: true });
  const byHand = ['npx', '--yes', rootManifest.packageManager, 'install', '--frozen-lockfile'];
  const [npx, yes, ...rest] = byHand;
  // A machine's own strictness about engines would refuse packages that want the Node that this install brings.
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const flags = [
    yes,
    '--loglevel=error',
    ...patience,
    ...rest,
    '--reporter=append-only',
    '--config.engine-strict=false',
  ];
  const { status, signal, error, stdout, stderr } = spawnSync(npx, flags, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: environmentForInstall(),
    shell: process.platform === 'win32',
  });
  if (status === 0 && existsSync(pinnedNode)) {
    writeFileSync(stamp, inputsDigest());
    return;
  }
  const output = `${stdout ?? ''}${stderr ?? ''}`.trimEnd();
  process.stderr.write(`${output.split('\n').slice(-25).join('\n')}\n\n`);
  const outcome = status ?? signal ?? error?.message;
  fail(`The install failed (${outcome}). ${adviceOn(output, error)}\nTo retry by hand: ${byHand.join(' ')}`);
}

/** `npm test` hands npm's settings on as variables; npx and pnpm warn of those that they do not know. */
function environmentForInstall() {
  const kept =
    /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|https-proxy|noproxy|cafile|ca|strict_ssl)$/i;
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name));
  return { ...Object.fromEntries(entries), NO_UPDATE_NOTIFIER: '1', npm_config_update_notifier: 'false' };
}

function adviceOn(output, error) {
  if (error?.code === 'ENOENT') return 'There is no npx on the PATH: npm, which comes with Node, is missing.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|META_FETCH_FAIL/.test(output)) {
    return 'The npm registry cannot be reached: are you offline, or behind a proxy (HTTPS_PROXY)?';
  }
  if (/OUTDATED_LOCKFILE/.test(output)) {
    return `A package.json asks for what pnpm-lock.yaml does not have; bring it up to date: npx --yes ${rootManifest.packageManager} install`;
  }
  if (/ENOSPC/.test(output)) return 'The disk is full.';
  return 'See the lines above.';
}

/** A command is a script of ours (`scripts/x.ts`), our command line (`flotilla`), or a tool from node_modules. */
function resolveCommand([name, ...rest]) {
  // Where the person stands: npm moves to the root before it runs a script.
  const here = process.env.INIT_CWD ?? process.cwd();
  if (name === 'flotilla') {
    // A quarter less of a start, from the second one on; Node does without where it cannot write.
    const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile') };
    return { command: pinnedNode, args: [join(root, 'packages/cli/src/main.ts'), ...rest], cwd: here, env };
  }
  if (name.endsWith('.ts')) return { command: pinnedNode, args: [join(root, name), ...rest], cwd: root };
  return { command: name === 'node' ? pinnedNode : join(bin, name), args: rest, cwd: root };
}

function start({ command, args, cwd, env = {} }) {
  const path = [bin, process.env.PATH].join(delimiter);
  const child = spawn(command, args, { cwd, stdio: 'inherit', env: { ...env, ...process.env, PATH: path } });
  // A terminal sends Ctrl-C (and its hang-up) to the child as well; passing it on would make it the second one.
  const fromTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || !fromTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    fail(
      error.code === 'ENOENT' ? `There is no command "${words[0]}" (looked for ${command}).` : String(error),
    );
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  rmSync(`${lock}.${process.pid}`, { force: true });
  if (ownerOf(lock) === process.pid) rmSync(lock, { force: true });
  process.exit(1);
}
