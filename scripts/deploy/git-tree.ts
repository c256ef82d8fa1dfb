import { execFileSync } from 'node:child_process';

/** The files of one commit that can matter to a service, by their paths from the root. */
export type Tree = ReadonlyMap<string, string>;

/**
 * Reads source, manifests and recipes of a commit: others have no part in an image, or are compared by git alone. Undefined for a commit that
 * this clone does not have.
 */
export function readTree(repository: string, commit: string): Tree | undefined {
  try {
    git(repository, ['cat-file', '-e', `${commit}^{commit}`]);
  } catch {
    return undefined;
  }
  const paths = git(repository, ['ls-tree', '-r', '-z', '--name-only', commit])
    .toString()
    .split('\0')
    .filter((path) => isInput(path));
  const output = git(
    repository,
    ['cat-file', '--batch'],
    paths.map((path) => `${commit}:${path}\n`).join(''),
  );
  const tree = new Map<string, string>();
  let at = 0;
  // Each is answered by "<id> blob <bytes>", its bytes, and a line feed.
  for (const path of paths) {
    const endOfLine = output.indexOf('\n', at);
    const bytes = Number(output.subarray(at, endOfLine).toString().split(' ')[2]);
    tree.set(path, output.subarray(endOfLine + 1, endOfLine + 1 + bytes).toString());
    at = endOfLine + 1 + bytes + 1;
  }
  return tree;
}

/** Tests, their data and what is written for people are not in an image or not read there. */
function isInput(path: string): boolean {
  if (/(^|\/)(fixtures|node_modules)\/|\.(test|contract|fixture|child)\.ts$|\.md$/.test(path)) return false;
  return /^(packages|services|docker)\/|^(package\.json|pnpm-workspace\.yaml|pnpm-lock\.yaml)$/.test(path);
}

function git(repository: string, args: readonly string[], input?: string): Buffer {
  return execFileSync('git', ['-C', repository, ...args], {
    maxBuffer: 500_000_000,
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input === undefined ? {} : { input }),
  });
}
