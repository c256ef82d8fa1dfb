import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command speaks: results to standard output, everything else to standard error. */
export interface Terminal {
  /** A line (or several) of the result. */
  print(text?: string): void;
  /** A line of what goes on: warnings, progress, logs. */
  note(text: string): void;
  readonly colors: Colors;
  /** Whether a person watches, so that progress may be redrawn in place. */
  readonly isInteractive: boolean;
  /** Where progress bars are drawn. */
  readonly progressStream: NodeJS.WritableStream;
}

export interface TerminalStreams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly wantsColor: boolean;
}

export function createTerminal({ out, err, wantsColor }: TerminalStreams): Terminal {
  return {
    print: (text = '') => void out.write(`${text}\n`),
    note: (text) => void err.write(`${text}\n`),
    colors: pc.createColors(wantsColor),
    isInteractive: err.isTTY === true,
    progressStream: err,
  };
}
