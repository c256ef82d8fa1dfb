import { Failure } from '@flotilla/substrate/failure';
import type { TemplateFile } from './read-template.ts';

/** What a vendor is called, in each place where it has a name. */
export interface VendorNames {
  /** Of the folder, the service, its queues and its key: `acme-sis`. */
  readonly id: string;
  /** Of the description: `acmeSis`. */
  readonly constant: string;
  /** Within names of functions: `createAcmeSisSimulator`. */
  readonly type: string;
  /** For people: `Acme SIS`. */
  readonly title: string;
}

/** Pure. Fails with `invalid_params` for a name that could not be a folder and an identifier of its own. */
export function nameVendor(
  id: string,
  title: string | undefined,
  template: readonly TemplateFile[],
): VendorNames {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 40) {
    throw refuse(id, 'lower-case letters and digits, in words joined by single dashes, at most 40: acme-sis');
  }
  const words = id.split('-').map((word) => word[0]?.toUpperCase() + word.slice(1));
  const type = words.join('');
  const constant = `${type[0]?.toLowerCase()}${type.slice(1)}`;
  const isTaken =
    isReserved(constant) ||
    template.some(
      ({ path, text }) => path.endsWith('.ts') && usesWord(text, [constant, `create${type}Simulator`]),
    );
  if (isTaken) throw refuse(id, 'a name that the code does not use for something else: acme-sis');
  if (title !== undefined && !/^[^\n'`\\<>|]{1,60}$/.test(title)) {
    throw refuse(
      title,
      "a title of at most 60 characters, on one line, without quotes and brackets: 'Acme SIS'",
    );
  }
  return { id, constant, type, title: title ?? words.join(' ') };
}

function refuse(found: string, expected: string): Failure {
  return new Failure('invalid_params', 'A vendor cannot be called so', {
    data: { found, expected, advice: 'Choose another name.' },
  });
}

/** Whether the language has the word for itself: then no constant can be called so. */
function isReserved(word: string): boolean {
  return reserved.has(word);
}

const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static super switch this ' +
    'throw true try typeof undefined var void while with yield'
  ).split(' '),
);

function usesWord(text: string, words: readonly string[]): boolean {
  return words.some((word) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text));
}
