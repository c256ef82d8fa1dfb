import { type Reader, whenPainted } from './reader.ts';

const width = 1280;
const [leastHeight, mostHeight] = [500, 1_500];

/** The page that is open, from its top, as WebP: no more of it than what says what the page is. */
export async function takePicture({ page, ask, send }: Reader): Promise<Buffer> {
  await ask('document.activeElement?.blur()');
  await page.mouse.move(0, 0);
  // In a window of its own height, nothing sticks to the end of another one.
  await page.setViewportSize({ width, height: leastHeight });
  const wanted = await ask<number>('document.documentElement.scrollHeight');
  const height = Math.min(wanted, mostHeight);
  await page.setViewportSize({ width, height });
  await ask(whenPainted);
  const { data } = await send('Page.captureScreenshot', {
    format: 'webp',
    quality: 70,
    clip: { x: 0, y: 0, width, height, scale: 1 },
  });
  return Buffer.from(data, 'base64');
}
