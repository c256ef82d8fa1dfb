import type { LoadedService } from './load-services.ts';

/** A file that is derived from others and never edited by hand. */
export interface RenderedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Reads under `root` and writes nothing. The same tree gives the same text. */
export type Renderer = (root: string, services: readonly LoadedService[]) => readonly RenderedFile[];
