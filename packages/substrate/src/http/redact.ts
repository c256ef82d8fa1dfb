import { redactText } from '../observability/redact-text.ts';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * Pure. Vendors echo requests in their error pages. Replaced are the secrets as they are and as they travel (URL-encoded, in JSON,
 * in Base64), and whatever else looks like a credential.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf);
  // The longest first, so that a secret that is part of another does not leave the other's rest.
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => redactText(text, known);
}

/** What is shorter protects nothing, and replacing it would make every text unreadable. */
const shortestSecret = 4;

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}
