import { useCall } from '../rpc/use-call.ts';

/** Integrations are seldom added, and vendors come with releases. */
const freshMs = 60_000;

/** Which system an integration is, for people: `Canvas LMS · canvas`; its id alone until the vendor is known. One ask, however many are named. */
export function useIntegrationNames(customerId: string): (integrationId: string) => string {
  const { data } = useCall('integrations.list.v1', { customerId }, { freshMs });
  const { data: known } = useCall('vendors.list.v1', {}, { freshMs });
  return (integrationId) => {
    const vendor = data?.integrations.find((each) => each.integrationId === integrationId)?.vendor;
    const title = known?.vendors.find((each) => each.vendor === vendor)?.title ?? vendor;
    return title === undefined || title === integrationId ? integrationId : `${title} · ${integrationId}`;
  };
}
