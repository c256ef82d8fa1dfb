import { Page } from '../../shell/page.tsx';

export function ReportPage() {
  return <Page title="Report" />;
}
