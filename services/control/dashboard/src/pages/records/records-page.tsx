import { Page } from '../../shell/page.tsx';

export function RecordsPage() {
  return <Page title="Records" />;
}
