/** The values that must never be written anywhere: a run registers its credential's strings, the log and the answers to calls obey. */
export interface Secrets {
  /** Registers values with the forms in which they travel; the answer takes them back, once. Texts under 4 characters are passed over. */
  add(...values: readonly string[]): () => void;
  /** Every form of every value, longest first, so that a secret within another leaves nothing of the longer one. */
  readonly values: readonly string[];
}

/** Pure but for its memory. A shorter text would occur in half of all words. */
const minimumLength = 4;

export function createSecrets(): Secrets {
  const countByForm = new Map<string, number>();
  let values: readonly string[] = [];

  function change(forms: readonly string[], by: 1 | -1) {
    for (const form of forms) {
      const count = (countByForm.get(form) ?? 0) + by;
      if (count > 0) countByForm.set(form, count);
      else countByForm.delete(form);
    }
    values = [...countByForm.keys()].sort((a, b) => b.length - a.length);
  }

  return {
    add(...added) {
      const forms = added.filter((value) => value.length >= minimumLength).flatMap(formsOf);
      let isIn = true;
      change(forms, 1);
      return () => {
        if (isIn) change(forms, -1);
        isIn = false;
      };
    },
    get values() {
      return values;
    },
  };
}

/** A secret as it is, in JSON, in a URL, in a form, in an OAuth base string (encoded twice), and in base64. */
function formsOf(value: string): string[] {
  const text = value.toWellFormed();
  const encoded = encodeRfc3986(text);
  const bytes = Buffer.from(text, 'utf8');
  return [
    ...new Set([
      value,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      new URLSearchParams([['', text]]).toString().slice(1),
      encoded,
      encodeRfc3986(encoded),
      bytes.toString('base64'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    ]),
  ];
}

/** Percent-encoding as OAuth 1.0a wants it (RFC 5849, section 3.6). */
function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
