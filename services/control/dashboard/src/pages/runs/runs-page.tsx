import { Page } from '../../shell/page.tsx';

export function RunsPage() {
  return <Page title="Runs" />;
}
