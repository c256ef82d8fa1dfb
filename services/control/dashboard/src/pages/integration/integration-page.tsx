import { Page } from '../../shell/page.tsx';

export function IntegrationPage() {
  return <Page title="Integration" />;
}
