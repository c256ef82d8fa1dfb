import { baseUrlAbove } from '@flotilla/substrate/vendor';
import { z } from 'zod';

const Texts = z.array(z.string());

/** What a tenant offers of one representation: under which path, in which media type, with which filters. */
const Offer = z.strictObject({ resource: z.string(), mediaType: z.string(), filters: Texts });
const Offers = z.record(z.string(), Offer).optional();

const PageSize = z.int().min(1).max(1000);

const Guid = z.guid().toLowerCase();

/** What an institution enters besides the credential; the last is found by asking. */
export const Connection = z.strictObject({
  // Pasted from an example it ends in the path of a resource.
  baseUrl: baseUrlAbove('api', 'auth', 'consume')
    .default('https://integrate.elluciancloud.com')
    .describe('Ethos Integration of the region: integrate.elluciancloud.com, .ca, .ie or .com.au'),
  pageSize: PageSize.optional().describe('Records to ask for at a time, where the ERP refuses 500'),
  changeNotifications: Texts.optional().describe('All resources of whose changes this API key is told'),
  academicLevel: Guid.optional().describe('The academic level of registrations that we create'),
  sectionTitleType: Guid.optional().describe('The type of title that we write to sections'),
  instructionalMethod: Guid.optional().describe('The instructional method of sections that we create'),
  offered: Offers.describe('The representations of the tenant; default: what it says'),
});
export type Connection = z.output<typeof Connection>;
