import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import type { Host } from '../host.ts';
import { type CreatedVendor, createVendor } from '../new-vendor/create-vendor.ts';
import { runStep, type ToolStep } from '../new-vendor/run-step.ts';
import { authStyles, pagingStyles, styleMeanings, type VendorStyle } from '../new-vendor/vendor-style.ts';
import { command } from '../output/command-line.ts';
import { jsonOption } from './command-options.ts';

interface NewVendorFlags extends VendorStyle {
  readonly title?: string;
  readonly install: boolean;
  readonly json?: true;
}

export function addNewVendor(program: Command, host: Host): void {
  program
    .command('new-vendor')
    .summary('begin the service of a new vendor')
    .description(
      'Makes services/NAME: a description with two entity types, a simulator and tests that pass. Then it installs, formats and renders. What comes next: docs/adding-a-vendor.md.',
    )
    .argument('<name>', "the vendor's id, such as acme-sis")
    .addOption(styleOption('--auth <style>', 'how the vendor lets clients in', authStyles))
    .addOption(styleOption('--paging <style>', 'how it cuts lists into pages', pagingStyles))
    .option('--title <words>', 'its name for people (default: made of the id)')
    .option('--no-install', 'only write the folder')
    .addOption(jsonOption())
    .action((name: string, flags: NewVendorFlags) => runNewVendor(host, name, flags));
}

function styleOption(flags: string, about: string, styles: readonly (keyof typeof styleMeanings)[]): Option {
  const meanings = styles.map((style) => `${style}: ${styleMeanings[style]}`).join('; ');
  return new Option(flags, `${about}: ${meanings}`).choices(styles).makeOptionMandatory();
}

async function runNewVendor(host: Host, id: string, flags: NewVendorFlags): Promise<void> {
  const { terminal, repository } = host;
  const { auth, paging, title } = flags;
  const created = createVendor(join(repository, 'services'), { id, auth, paging, title });
  const steps = stepsFor(repository, relative(repository, created.folder));
  if (flags.install) {
    for (const step of steps) {
      terminal.note(`${step.about} ...`);
      await runStep(host, step);
    }
  }
  if (flags.json)
    terminal.print(JSON.stringify({ ...created.names, folder: created.folder, paths: created.paths }));
  else terminal.print(describeNext(created, repository, flags.install ? [] : steps));
}

/** What makes the folder a part of the workspace. */
function stepsFor(repository: string, folder: string): readonly ToolStep[] {
  const { packageManager } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    readonly packageManager: string;
  };
  return [
    {
      about: 'Installing',
      command: ['npx', '--yes', packageManager, 'install', '--config.engine-strict=false'],
    },
    { about: 'Formatting', command: ['node', 'scripts/run.mjs', 'biome', 'check', '--write', folder] },
    { about: 'Rendering what follows from it', command: ['node', 'scripts/run.mjs', 'scripts/render.ts'] },
  ];
}

function describeNext(
  { names, folder, paths }: CreatedVendor,
  repository: string,
  left: readonly ToolStep[],
): string {
  const home = relative(repository, folder);
  return [
    '',
    `${names.title} is in ${home}:`,
    ...paths.map((path) => `  ${path}`),
    ...(left.length === 0
      ? []
      : ['', 'Before anything else:', ...left.map((step) => `  ${step.command.join(' ')}`)]),
    '',
    'It syncs already, from a simulator of a vendor that nobody has. To see it:',
    `  npm test -- ${home}`,
    `  ${command('dev', '--services', names.id)}`,
    `  ${command('simulate', names.id)}`,
    '',
    'To make it the real one, in this order (docs/adding-a-vendor.md has the whole way):',
    "  1  src/simulator/   the vendor's lists, ways to sign in and refusals, as its documents have them",
    '  2  src/sign-in.ts, src/paging.ts, src/api.ts   what of that is the same for every list',
    '  3  src/entities/    a file for each entity type: where its list is, what a record looks like, how it reads',
    "  4  fixtures/responses/   answers as the vendor's documents show them",
    '',
  ].join('\n');
}
