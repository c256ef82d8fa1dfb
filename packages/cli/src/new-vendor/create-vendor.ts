import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import { readTemplate, type TemplateFile, templateNames } from './read-template.ts';
import { nameVendor, type VendorNames } from './vendor-names.ts';
import type { VendorStyle } from './vendor-style.ts';

export interface NewVendor extends VendorStyle {
  readonly id: string;
  /** Default: made of the id. */
  readonly title?: string | undefined;
}

export interface CreatedVendor {
  readonly names: VendorNames;
  readonly folder: string;
  /** Within the folder. */
  readonly paths: readonly string[];
}

/** Writes a vendor's folder below `services`. Fails with `invalid_params` for a bad name, `already_exists` where there is such a folder. */
export function createVendor(services: string, { id, title, ...style }: NewVendor): CreatedVendor {
  const template = readTemplate(style);
  const names = nameVendor(id, title, template);
  const folder = join(services, id);
  if (existsSync(folder)) {
    throw new Failure('already_exists', 'There is a folder of this name', {
      data: { folder, advice: 'Choose another name, or delete the folder if you do not want what is in it.' },
    });
  }
  const files = [
    ...template.map((file) => rename(file, names)),
    { path: 'package.json', text: manifestOf(names) },
  ];
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { names, folder, paths: files.map(({ path }) => path).toSorted() };
}

/** Pure. The template's names are such as stand nowhere else. */
function rename({ path, text }: TemplateFile, names: VendorNames): TemplateFile {
  let renamed = text;
  for (const kind of ['id', 'constant', 'type', 'title'] as const)
    renamed = renamed.replaceAll(templateNames[kind], () => names[kind]);
  return { path: path.replaceAll(templateNames.id, names.id), text: renamed };
}

function manifestOf({ id, title }: VendorNames): string {
  const manifest = {
    name: `@flotilla/service-${id}`,
    version: '0.1.0',
    private: true,
    description: `Rosters from ${title}.`,
    license: 'MIT',
    type: 'module',
    exports: { './simulator': './src/simulator.ts', './vendor': './src/vendor.ts' },
    // Rendered: Node's flags follow from the memory that the description asks for.
    scripts: { start: 'node src/main.ts' },
    dependencies: { '@flotilla/substrate': 'workspace:*', zod: 'catalog:' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
