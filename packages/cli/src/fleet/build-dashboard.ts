import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host.ts';
import { startOwnProcess } from './own-process.ts';

/** Builds control's pages where their source has changed. Without them a fleet runs all the same, so a failure is only told. */
export async function buildDashboard({
  repository,
  node,
  clock,
  childEnvironment,
  terminal,
}: Host): Promise<void> {
  const script = join(repository, 'services/control/dashboard/build.ts');
  if (!existsSync(script)) return;
  const lines: string[] = [];
  const own = startOwnProcess({
    node,
    command: [script],
    environment: childEnvironment,
    clock,
    onOutput: (line) => lines.push(line),
    onErrorOutput: (line) => lines.push(line),
  });
  const { code } = await own.ended;
  if (code !== 0) terminal.note(['The dashboard could not be built:', ...lines].join('\n'));
}
