/** Pure. A command line of ours as a person types it in the repository: `npm run --silent flotilla -- runs springfield`. */
export function command(...words: readonly string[]): string {
  return ['npm run --silent flotilla --', ...words.map(quote)].join(' ');
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
