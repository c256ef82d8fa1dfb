import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { VendorStyle } from './vendor-style.ts';

/** A file of a vendor's folder. */
export interface TemplateFile {
  /** Within the folder: `src/vendor.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The vendor that all new ones begin as; it is one itself, with tests, under these names. */
export const templateNames = {
  id: 'example-sis',
  constant: 'exampleSis',
  type: 'ExampleSis',
  title: 'Example SIS',
} as const;

/** `template/` with those files in place that its styles bring. */
export function readTemplate({ auth, paging }: VendorStyle): readonly TemplateFile[] {
  const folders = [
    join(import.meta.dirname, 'template'),
    // What the template itself is written in has no files of its own.
    ...[auth, paging].map((style) => join(import.meta.dirname, 'styles', style)),
  ];
  const textsByPath = new Map(
    folders.flatMap((folder) =>
      filesIn(folder).map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const),
    ),
  );
  return [...textsByPath].map(([path, text]) => ({ path, text }));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw thrown;
  }
}
