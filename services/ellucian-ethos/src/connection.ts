import { z } from 'zod';

/** What a tenant offers of one representation: under which path, in which media type, with which filters. */
const Offer = z.strictObject({ resource: z.string(), mediaType: z.string(), filters: z.array(z.string()) });

const Guid = z.guid().toLowerCase();

/** What an institution enters besides the credential; the last is found by asking. */
export const Connection = z
  .strictObject({
    baseUrl: z
      .url()
      .default('https://integrate.elluciancloud.com')
      .describe('Ethos Integration of the region: integrate.elluciancloud.com, .ca, .ie or .com.au'),
    pageSize: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe('Records to ask for at a time, where the ERP refuses more than its maximum; default 500'),
    changeNotifications: z
      .array(z.string())
      .optional()
      .describe(
        'All resources whose change notifications this application (API key of its own) has subscribed',
      ),
    academicLevel: Guid.optional().describe('The academic level of registrations that we create'),
    sectionTitleType: Guid.optional().describe('The type of title that we write to sections'),
    instructionalMethod: Guid.optional().describe('The instructional method of sections that we create'),
    offered: z
      .record(z.string(), Offer)
      .optional()
      .describe('The representations of the tenant; default: what it says'),
  })
  .transform(({ baseUrl, ...rest }) => ({
    ...rest,
    // Pasted from an example it ends in the path of a resource.
    baseUrl: baseUrl.replace(/\/(api|auth|consume)\b.*$/, '').replace(/\/+$/, ''),
  }));
export type Connection = z.output<typeof Connection>;
