import { Page } from '../../shell/page.tsx';

export function FleetPage() {
  return <Page title="Fleet" />;
}
