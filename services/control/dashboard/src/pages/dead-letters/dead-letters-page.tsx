import { Page } from '../../shell/page.tsx';

export function DeadLettersPage() {
  return <Page title="Dead letters" />;
}
