import type { Terminal } from '../output/terminal.ts';

/** Tells the story of the demo; says nothing where the answer is JSON. */
export interface Narrator {
  readonly isSilent: boolean;
  chapter(title: string): void;
  tell(text?: string): void;
  /** Something that was checked and holds. */
  confirm(text: string): void;
}

export function createNarrator({ print, colors }: Terminal, isSilent: boolean): Narrator {
  if (isSilent) return { isSilent, chapter() {}, tell() {}, confirm() {} };
  let chapters = 0;
  return {
    isSilent,
    chapter(title) {
      chapters += 1;
      print(`\n${colors.bold(colors.cyan(`${chapters}  ${title}`))}\n`);
    },
    tell(text = '') {
      print(
        text
          .split('\n')
          .map((line) => (line === '' ? '' : `   ${line}`))
          .join('\n'),
      );
    },
    confirm: (text) => print(`   ${colors.green('✓')} ${text}`),
  };
}
