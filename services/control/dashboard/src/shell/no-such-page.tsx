import { Link } from '@tanstack/react-router';
import { Page } from './page.tsx';

export function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may have been cut off, or what it names is gone. Begin at the <Link to="/">fleet</Link>.
      </p>
    </Page>
  );
}
