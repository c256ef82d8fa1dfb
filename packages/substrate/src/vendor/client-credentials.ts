import { z } from 'zod';
import { Secret } from './lenient.ts';

/** What a vendor gives an application that speaks for itself (RFC 6749 §4.4); some call them key and secret. */
export const ClientCredentials = z.strictObject({ clientId: Secret, clientSecret: Secret });
