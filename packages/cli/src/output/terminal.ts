import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command speaks: results to standard output, everything else to standard error. */
export interface Terminal {
  /** A line (or several) of the result. */
  print(text?: string): void;
  /** A line of what goes on: warnings, progress, logs. */
  note(text: string): void;
  readonly colors: Colors;
  /** How wide a table may be: the terminal's width, or where results go elsewhere a fixed one. */
  readonly width: number;
  /** Whether a person watches, so that progress may be redrawn in place. */
  readonly isInteractive: boolean;
  /** Where progress bars are drawn. */
  readonly progressStream: NodeJS.WritableStream;
}

export interface TerminalStreams {
  readonly out: NodeJS.WritableStream & { readonly columns?: number };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly wantsColor: boolean;
}

export function createTerminal({ out, err, wantsColor }: TerminalStreams): Terminal {
  const harmless = (text: string) => text.replace(steering, wantsColor ? escapeButColors : escape);
  return {
    print: (text = '') => void out.write(`${harmless(text)}\n`),
    note: (text) => void err.write(`${harmless(text)}\n`),
    colors: pc.createColors(wantsColor),
    width: Math.max(out.columns ?? elsewhere, narrowest),
    isInteractive: err.isTTY === true,
    progressStream: err,
  };
}

const elsewhere = 140;
const narrowest = 60;

/**
 * What would steer a terminal; line feeds and tabs do no harm. Values are made plain where they are shown, so that here this is left of
 * JSON only, in which C1 controls and direction marks stand as they are.
 */
const steering =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  /\u001b(?:\[[\d;]*m)?|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200f\u2028-\u202e\u2066-\u2069]/g;

/** As JSON spells it, so that JSON stays what it was. */
function escape(found: string): string {
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}${found.slice(1)}`;
}

/** Our own colours pass. */
function escapeButColors(found: string): string {
  return found.length > 1 ? found : escape(found);
}
