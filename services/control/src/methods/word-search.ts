/**
 * Pure. Whether all of these texts together have every word of the search somewhere, in whatever case it is written, and with or without
 * its accents. Commas and semicolons part words as white space does: a person is "Martin, Daniel" in most lists that schools print.
 */
export function createWordSearch(search: string): (texts: Iterable<string>) => boolean {
  const words = wordsOf(fold(search));
  return (texts) => {
    const left = new Set(words);
    for (const text of texts) {
      if (left.size === 0) return true;
      const folded = fold(text);
      for (const word of left) if (folded.includes(word)) left.delete(word);
    }
    return left.size === 0;
  };
}

/** Signs between words are none themselves; a search of nothing but signs is for these. */
function wordsOf(folded: string): readonly string[] {
  const words = folded.split(/[\s,;]+/).filter((word) => /[^\p{P}\p{S}]/u.test(word));
  return words.length > 0 ? words : folded.split(/\s+/).filter((word) => word !== '');
}

/** Nothing to decompose, and no marks: most names and nearly all ids, of which many thousands are looked at in a call. */
const isPlain = /^[\u0020-\u007e]*$/;

/** Capitals: there `ß` is `SS`, as people type it who have no such key, and a sigma is one wherever it stands. */
function fold(text: string): string {
  if (isPlain.test(text)) return text.toUpperCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
}
