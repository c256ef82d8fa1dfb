import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, without a window. It is closed by `cleanup`. */
export async function launchChromium(path: string, cleanup: AsyncDisposableStack): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: path,
    // As root, as in most containers, Chromium runs without its sandbox only; it opens pages of our own on this machine.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  });
  cleanup.defer(() => browser.close());
  return browser;
}
