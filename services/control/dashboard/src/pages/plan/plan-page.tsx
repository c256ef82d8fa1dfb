import { Page } from '../../shell/page.tsx';

export function PlanPage() {
  return <Page title="What would change" />;
}
