export const redacted = '[redacted]';

/** A log line longer than this helps nobody; Google refuses entries over 256 KiB. */
const maximumLength = 16_384;

/** How much of a text is searched at all: patterns over megabytes would stall the process. */
const maximumSearched = 4 * maximumLength;

const names =
  '(?:access_?token|refresh_?token|id_?token|auth_?token|session_?token|token|oauth_token|oauth_token_secret|oauth_signature|oauth_verifier|client_?secret|secret|password|passwd|pwd|api_?key|apikey|private_?key|signature|sig|x-goog-signature|assertion)';

/** Stands right after the separator of a name and its value, so that what was redacted before is left alone. */
const notDone = String.raw`(?!\s*\\?["']?\[redacted\])`;

/** Each pattern with what stays of a match. All are linear: no repetition within a repetition over the same characters. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, redacted],
  // An Authorization or Cookie header, in header, JSON or inspect notation, to the end of its line: OAuth's has quotes of its own.
  [
    new RegExp(String.raw`\b((?:authorization|cookie)\\?["']?\s*[:=]${notDone}\s*\\?["']?)[^\r\n]+`, 'gi'),
    `$1${redacted}`,
  ],
  [/\b(Bearer|BEARER|Digest)\s+[A-Za-z0-9._~+/-]{8,}=*/g, `$1 ${redacted}`],
  // Not the words "basic authentication": what base64 encodes has a capital or a digit soon.
  [/\b([Bb]asic|bearer)\s+(?=.[a-z]*[A-Z0-9+/=_-])[A-Za-z0-9._~+/-]{8,}=*/g, `$1 ${redacted}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, redacted],
  // name=value in queries, forms and OAuth headers; "name": "value" in JSON, also in JSON within JSON.
  [new RegExp(String.raw`\b(${names}\\?["']?\s*[:=]${notDone}\s*\\?["'])[^"'\\]+`, 'gi'), `$1${redacted}`],
  [new RegExp(String.raw`\b(${names}=${notDone})[^\s&"',;\\]+`, 'gi'), `$1${redacted}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@?#"']+@/gi, `$1${redacted}@`],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, redacted],
];

/** Pure. A text without registered secrets and without what looks like one; cut where it is very long. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  // Before cutting: a secret that the cut halves would not be found.
  for (const secret of secrets) if (safe.includes(secret)) safe = safe.replaceAll(secret, redacted);
  const searched = safe.length > maximumSearched ? safe.slice(0, maximumSearched) : safe;
  safe = searched;
  for (const [pattern, kept] of patterns) safe = safe.replace(pattern, kept);
  if (safe.length <= maximumLength && searched.length < maximumSearched) return safe;
  return `${safe.slice(0, maximumLength)}… [${text.length} characters]`;
}
