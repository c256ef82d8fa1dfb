/** A file that is derived from others and never edited by hand. */
export interface RenderedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Reads under `root` and imports what it needs; writes nothing. The same tree gives the same text. */
export type Renderer = (root: string) => Promise<readonly RenderedFile[]>;
