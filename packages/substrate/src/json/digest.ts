import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** The version of the hash's recipe; a change of the recipe changes every hash, so it is part of each. */
const prefix = 'j1:';

/** SHA-256 (base64url, 43 characters) of a text or of bytes. */
export function digestText(text: string | Uint8Array): string {
  return hash('sha256', text, 'base64url');
}

/** `j1:` and the SHA-256 of the value's canonical JSON: equal exactly when two values are JSON-equal. Refuses what JSON cannot say. */
export function digestJson(value: unknown): string {
  return prefix + digestText(canonicalJson(value));
}
