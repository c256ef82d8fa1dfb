import { chromium } from 'playwright-core';
const base = process.argv[2]!, link = process.argv[3]!;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
page.on('console', (m) => console.log('console', m.type(), m.text().slice(0, 400)));
page.on('pageerror', (e) => console.log('pageerror', e.message.slice(0, 400)));
page.on('requestfailed', (r) => console.log('failed', r.url(), r.failure()?.errorText));
await page.goto(link); await page.waitForTimeout(1500);
console.log(page.url(), await page.title(), (await page.innerText('body')).slice(0, 300).replaceAll('\n', ' | '));
for (const path of ['/customers', '/dead-letters', '/audit', '/nights/2026-11-21', '/customers/springfield', '/customers/springfield/runs', '/customers/springfield/connect?vendor=oneroster', '/customers/springfield/conflicts', '/nope']) {
  await page.goto(base + path); await page.waitForTimeout(1200);
  console.log(path, '=>', (await page.innerText('body')).slice(0, 260).replaceAll('\n', ' | '));
}
await browser.close();
