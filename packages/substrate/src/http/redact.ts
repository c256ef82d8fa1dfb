/** Takes every known secret out of a text. */
export type Redact = (text: string) => string;

/**
 * Pure. Vendors echo requests in their error pages. Replaced are the secrets as they are and as they travel (URL-encoded, in JSON,
 * in Base64), and what looks like a credential though we do not know it.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
      btoa(String.fromCharCode(...new TextEncoder().encode(secret))),
    ]);
  // The longest first, so that a secret that is part of another does not leave the other's rest.
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const secret of known) redacted = redacted.replaceAll(secret, mark);
    for (const pattern of credentialPatterns) redacted = redacted.replace(pattern, `$1${mark}`);
    return redacted;
  };
}

/** What is shorter protects nothing, and replacing it would make every text unreadable. */
const shortestSecret = 4;

const mark = '[redacted]';

const credentialPatterns = [
  /\b((?:bearer|basic)\s+)[\w+/=.~-]{8,}/gi,
  /(\boauth_(?:signature|token)\s*=\s*"?)[^"&,\s]+/gi,
  /("?\b(?:access_token|refresh_token|id_token|client_secret|password|api_key)"?\s*[:=]\s*"?)[^"&,\s}]+/gi,
];
