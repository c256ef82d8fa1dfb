import { Page } from '../../shell/page.tsx';

export function ConnectPage() {
  return <Page title="Connect" />;
}
