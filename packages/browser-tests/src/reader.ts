import type { Browser, BrowserContext, CDPSession, ConsoleMessage, Page } from 'playwright-core';

export interface WindowOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** That the link is one that signs nobody in. */
  readonly isRefused?: boolean;
  /** Loads each page as one that was never here. */
  readonly isCacheless?: boolean;
}

/** Somebody before the dashboard: a window, and what the browser complained of in it. */
export interface Reader {
  readonly page: Page;
  /** Console errors, exceptions, violations of the content security policy, dialogs that scripts opened, since it was asked last: none is allowed. */
  takeComplaints(): readonly string[];
  /** What the page's own JavaScript would say, whatever the content security policy allows scripts; JSON only. */
  ask<Answer>(expression: string): Promise<Answer>;
  /** To the browser's own debugger. */
  readonly send: CDPSession['send'];
  /** Opens an address of the dashboard, and resolves when what it asked for is shown. */
  visit(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Below what a test may take, so that a failure tells what it waited for. */
const patienceMs = 20_000;

/** Signs in by the link, as a person does who clicks on it. */
export async function openReader(
  browser: Browser,
  link: string,
  { width = 1280, colorScheme = 'light', isCacheless = false, isRefused = false }: WindowOptions = {},
): Promise<Reader> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'America/Chicago',
  });
  const reader = await watch(context, new URL(link).origin, isCacheless);
  await reader.page.goto(link);
  if (!isRefused) await reader.page.waitForURL((url) => url.pathname === '/');
  return reader;
}

async function watch(context: BrowserContext, origin: string, isCacheless: boolean): Promise<Reader> {
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(describe(message));
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: isCacheless });

  return {
    page,
    takeComplaints: () => complaints.splice(0),
    send: session.send.bind(session),
    ask: (expression) => evaluate(session, expression),
    async visit(path) {
      await page.goto(`${origin}${path}`);
      await whenShown(page);
    },
    close: () => context.close(),
  };
}

/** JavaScript: resolves when what has changed is on the screen. */
export const whenPainted =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))';

/** Resolves when nothing of the page is still asked for. */
export async function whenShown(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  // At first it is there and not seen, so that quick answers do not flicker.
  const loading = page.getByRole('status', { includeHidden: true }).filter({ hasText: /^Loading / });
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
  const undrawn = page.locator('figure:has(h3):not(:has(canvas))');
  while ((await undrawn.count()) > 0) await undrawn.first().waitFor({ state: 'detached' });
}

function describe(message: ConsoleMessage): string {
  const { url, lineNumber } = message.location();
  return `${message.text()} (${url}:${lineNumber})`;
}

/** By the debugger: scripts made of texts are what the content security policy of the pages forbids. */
async function evaluate<Answer>(session: CDPSession, expression: string): Promise<Answer> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    returnByValue: true,
    awaitPromise: true,
  });
  if (exceptionDetails !== undefined)
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as Answer;
}
