import { z } from 'zod';

/**
 * Pure. For a connection: an address that people paste, often down to what they were shown there. It ends before the first of these in its path, so
 * that paths can be put behind it.
 */
export function baseUrlAbove(...below: readonly [string, ...string[]]) {
  // Not behind a slash: a host may be called so.
  const rest = new RegExp(`(?<!/)/(${below.join('|')})\\b.*$`);
  return z.url().transform((address) => address.replace(rest, '').replace(/\/+$/, ''));
}
