import { z } from 'zod';
import { entityTypeNames } from '../../model/entity-types.ts';

const identifier = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'letters, digits, dots, dashes and underscores; at most 63');

/** Chosen by whoever registers the customer: `springfield`. */
export const CustomerId = identifier.describe('The customer, as registered');

/** Unique within the customer; by default the vendor's id. */
export const IntegrationId = identifier.describe("The customer's connection to one vendor");

export const RunId = z.uuid().describe('As answered by the call that started the run');

export const EntityTypeName = z.enum(entityTypeNames as [string, ...string[]]);

/** Page size of listings. */
export const Limit = z.int().min(1).max(1000).default(100);

/** The id under which a vendor knows a record, or that we gave to one of our own. */
export const RecordId = z
  .string()
  .min(1)
  .max(255)
  .refine((id) => id.isWellFormed(), 'well-formed text, without half of a character')
  .describe("The record's id within its entity type");
