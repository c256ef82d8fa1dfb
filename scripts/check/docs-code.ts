import { existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Writes every fenced `ts` block of the documents to `.cache/docs/<document>/` and returns the path of a tsconfig that checks them
 * together with the rest of the repository. A block keeps its line numbers, so an error in `.cache/docs/README.md/1.ts(40,7)` stands
 * in line 40 of README.md. A block that begins with a comment `// src/api.ts` is written under that name, so that the blocks of one
 * document can import one another.
 */
export function extractDocsCode(root: string): string {
  const folder = join(root, '.cache', 'docs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const document of globSync(['*.md', 'docs/**/*.md', 'services/*/README.md', 'packages/*/README.md'], {
    cwd: root,
  })) {
    for (const { name, code } of codeBlocksOf(readFileSync(join(root, document), 'utf8'))) {
      const path = join(folder, document, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, code);
    }
  }
  linkPackages(root, join(folder, 'node_modules'));
  const tsconfig = join(folder, 'tsconfig.json');
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { include: string[] };
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { typeRoots: ['../../node_modules/@types'] },
      include: [...include.map((path) => `../../${path}`), './**/*.ts'],
    }),
  );
  return relative(root, tsconfig);
}

export interface CodeBlock {
  readonly name: string;
  readonly code: string;
}

/** The `ts` blocks of a document, each led by as many empty lines as stand before it. */
export function codeBlocksOf(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = text.split('\n');
  let start: number | undefined;
  for (const [position, line] of lines.entries()) {
    if (start === undefined) {
      if (/^\s*```(ts|typescript)\b/.test(line)) start = position + 1;
      else if (/^\s*```\w/.test(line)) start = -1;
    } else if (/^\s*```\s*$/.test(line)) {
      if (start >= 0) blocks.push(toBlock(lines.slice(start, position), start, blocks.length + 1));
      start = undefined;
    }
  }
  return blocks;
}

function toBlock(lines: readonly string[], before: number, number: number): CodeBlock {
  const [, given] = /^\/\/ ([\w./-]+\.ts)$/.exec(lines[0] ?? '') ?? [];
  return { name: given ?? `${number}.ts`, code: `${'\n'.repeat(before)}${lines.join('\n')}\n` };
}

/** What any package of the workspace may import, a document's code may import too. */
function linkPackages(root: string, modules: string): void {
  for (const manifest of globSync(['packages/*/package.json', 'services/*/package.json'], { cwd: root })) {
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8')) as {
      readonly name: string;
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    const home = join(root, dirname(manifest));
    link(home, join(modules, name));
    for (const dependency of Object.keys(dependencies))
      link(join(home, 'node_modules', dependency), join(modules, dependency));
  }
}

function link(target: string, path: string): void {
  if (existsSync(path) || !existsSync(target)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
