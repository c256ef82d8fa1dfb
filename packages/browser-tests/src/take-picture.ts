import type { Reader } from './reader.ts';

const mostHeight = 1_500;

/** The page that is open, from its top, as WebP: no more of it than what says what the page is. */
export async function takePicture({ page, ask, send }: Reader): Promise<Buffer> {
  await ask('document.activeElement?.blur()');
  await page.mouse.move(0, 0);
  const { width, height } = await ask<{ width: number; height: number }>(
    '({ width: innerWidth, height: document.documentElement.scrollHeight })',
  );
  const { data } = await send('Page.captureScreenshot', {
    format: 'webp',
    quality: 70,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width, height: Math.min(height, mostHeight), scale: 1 },
  });
  return Buffer.from(data, 'base64');
}
