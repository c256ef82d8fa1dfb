import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { extractDocsCode } from './check/docs-code.ts';

/** Everything that can be said about the code without running it: `npm run check`. One line a check; what failed is shown below. */
const root = dirname(import.meta.dirname);

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

interface Outcome extends Check {
  readonly passed: boolean;
  readonly output: string;
}

const checks: readonly Check[] = [
  { name: 'format', command: ['biome', 'check', '--error-on-warnings', '--max-diagnostics=50', '.'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'types, docs included', command: ['tsc', '--noEmit', '-p', extractDocsCode(root)] },
  { name: 'types of the dashboard', command: ['tsc', '--noEmit', '-p', 'services/control/dashboard'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'rendered files', command: ['node', 'scripts/render.ts', '--check'] },
];

const before = await treeState();
const outcomes = await Promise.all(checks.map(runCheck));
const after = await treeState();
outcomes.push(report('tree unchanged', before === after, `Before:\n${before}\nAfter:\n${after}`, 0));

for (const { name, output } of outcomes.filter(({ passed }) => !passed)) {
  console.log(`\n--- ${name} ---\n${output.trim()}`);
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;

async function runCheck({ name, command }: Check): Promise<Outcome> {
  const startedAt = performance.now();
  const { passed, output } = await run(command);
  return report(
    name,
    passed,
    `${output.trim()}\n(again: node scripts/run.mjs ${command.join(' ')})`,
    performance.now() - startedAt,
  );
}

function report(name: string, passed: boolean, output: string, ms: number): Outcome {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${(ms / 1000).toFixed(1)} s)`);
  return { name, passed, output, command: [] };
}

/** What git sees of the working tree; the same text always where there is no git, as in a source archive. */
async function treeState(): Promise<string> {
  return (await run(['git', 'status', '--porcelain'])).output;
}

function run([command = '', ...args]: readonly string[]): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ passed: false, output: String(error) }));
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}
