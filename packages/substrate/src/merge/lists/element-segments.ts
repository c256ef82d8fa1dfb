/** Pure. The names by which patterns may speak of an element; a text goes by itself or, to tell it from a number, in quotes. */
export function namesOfElement(identity: string): readonly string[] {
  return isText(identity) ? [identity, textOf(identity)] : [identity];
}

/**
 * The segments by which the elements of one list, on all sides, go in pointers: a key that is a text by that text, any other by its JSON.
 * Where two would go by one segment, the text is quoted; and so is a text that looks like the one that was quoted.
 */
export function segmentsOf(identities: ReadonlySet<string>): (identity: string) => string {
  const hasOthers = [...identities].some((identity) => !isText(identity));
  return (identity) => {
    if (!isText(identity)) return identity;
    return hasOthers && isQuoted(identity, identities) ? identity : textOf(identity);
  };
}

/** A text's own text may be another element's JSON: the number's for `"10"`, the quoted text's for `"\\"10\\""`. */
function isQuoted(identity: string, identities: ReadonlySet<string>): boolean {
  const text = textOf(identity);
  return identities.has(text) && (!isText(text) || isQuoted(text, identities));
}

function isText(identity: string): boolean {
  return identity.startsWith('"');
}

function textOf(identity: string): string {
  return JSON.parse(identity) as string;
}
