import { Page } from '../../shell/page.tsx';

export function ConflictsPage() {
  return <Page title="Conflicts" />;
}
