import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fleetToken, openDashboard } from './dashboard.fixture.ts';

const html =
  '<!doctype html><meta property="csp-nonce" nonce="__FLOTILLA_NONCE__"><script nonce="__FLOTILLA_NONCE__">theme()</script>';
const script = 'console.log("a script of the build");\n'.repeat(20);
const files = {
  'index.html': html,
  'flotilla.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '.stamp.json': '{}',
  'assets/main-abc123.js': script,
  'assets/main-abc123.css': 'p { margin: 0 }',
};
const opens = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the page', () => {
  test.each([
    '/',
    '/index.html',
    '/sign-in',
    '/customers/springfield/runs?state=failed',
    '/customers/a%2Fb',
    '/readyz/x',
  ])('is answered to a browser at %s, to anybody, for it holds no data', async (path) => {
    const { url } = await openDashboard({ files });

    const response = await fetch(url + path, { headers: opens });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('theme()');
  });

  test('lets nothing run but what the build made and what carries the nonce of this very answer', async () => {
    const { url } = await openDashboard({ files });
    const nonces = new Set<string>();
    for (let count = 0; count < 3; count++) {
      const response = await fetch(url, { headers: opens });
      const policy = response.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy)?.[1] ?? '';
      nonces.add(nonce);
      expect(await response.text()).toBe(html.replaceAll('__FLOTILLA_NONCE__', nonce));
      expect(policy.split('; ')).toEqual([
        "default-src 'none'",
        `script-src 'self' 'nonce-${nonce}'`,
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]);
    }
    expect(nonces.size).toBe(3);
  });

  test('is neither framed, sniffed, referred from nor reached by a window of another origin', async () => {
    const { url } = await openDashboard({ files });
    const { headers } = await fetch(url, { headers: opens });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('says how it is built where it is not, and is there as soon as it is', async () => {
    const { url, build } = await openDashboard();

    const before = await fetch(url, { headers: opens });

    expect([before.status, before.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(await before.text()).toContain('npm run build-it');
    await build(files);
    expect((await fetch(url, { headers: opens })).status).toBe(200);
    expect(await (await fetch(`${url}/assets/main-abc123.js`)).text()).toBe(script);
  });
});

describe('a file of the build', () => {
  test('is kept by browsers for ever where its name changes with it, and else asked for again', async () => {
    const { url } = await openDashboard({ files });
    const hashed = await fetch(`${url}/assets/main-abc123.js`);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toBe('text/javascript');
    const icon = await fetch(`${url}/flotilla.svg`);
    expect(icon.headers.get('cache-control')).toBe('no-cache');
    expect(icon.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ['br', 'gzip, deflate, br, zstd'],
    ['gzip', 'gzip'],
    [null, 'identity'],
  ])('travels as %s to whoever accepts %s', async (encoding, accepted) => {
    const { url } = await openDashboard({
      files: {
        ...files,
        'assets/main-abc123.js.br': brotliCompressSync(script),
        'assets/main-abc123.js.gz': gzipSync(script),
      },
    });

    const response = await fetch(`${url}/assets/main-abc123.js`, {
      headers: { 'accept-encoding': accepted },
    });

    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toBe('text/javascript');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe(script);
  });

  test('is whole, also to whoever asks for a part of it', async () => {
    const { url } = await openDashboard({ files });
    for (const range of ['bytes=0-9', 'bytes=9-0', 'bytes=99999-', 'nonsense']) {
      const response = await fetch(`${url}/assets/main-abc123.js`, { headers: { range } });
      expect([range, response.status, (await response.text()).length]).toEqual([range, 200, script.length]);
    }
  });

  test.each([
    '/assets/gone-def456.js',
    '/assets/',
    '/.stamp.json',
    '/%2estamp.json',
    '/assets/%2e%2e/.stamp.json',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/main-abc123.js%00.svg',
  ])('is not made of %s', async (path) => {
    const { url } = await openDashboard({ files });
    const response = await fetch(url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'not_found' } } });
  });

  test('is only read: what is sent to it goes nowhere', async () => {
    const { url } = await openDashboard({ files });
    for (const path of ['/', '/assets/main-abc123.js', '/customers']) {
      const response = await fetch(url + path, { method: 'POST', headers: opens });
      expect([path, response.status]).toEqual([path, 404]);
    }
    expect((await fetch(`${url}/assets/main-abc123.js`, { method: 'HEAD' })).status).toBe(200);
  });
});

test('programs are answered as before where there are pages too', async () => {
  const { url, ask } = await openDashboard({ files });
  expect((await fetch(`${url}/healthz`, { headers: opens })).headers.get('content-type')).toContain('json');
  expect((await fetch(`${url}/rpc`, { headers: opens })).status).toBe(405);
  expect((await fetch(`${url}/nowhere`, { headers: { accept: '*/*' } })).status).toBe(404);
  expect((await ask({})).status).toBe(401);
  expect(await (await ask({ authorization: `Bearer ${fleetToken}` })).json()).toMatchObject({
    result: { name: 'local admin', role: 'admin' },
  });
});
