import { Page } from '../../shell/page.tsx';

export function NightPage() {
  return <Page title="Night" />;
}
