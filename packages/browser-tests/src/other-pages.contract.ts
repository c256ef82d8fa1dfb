import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { DashboardStage } from './dashboard-stage.fixture.ts';
import type { Reader } from './reader.ts';

const planted = 'planted-by-another-page';
const Customers = z.object({ customers: z.array(z.object({ customerId: z.string() })) });

/** Declares what a browser, with an admin signed in, must not let pages of others do, nor texts that found their way into ours. */
export function describeOtherPages(getStage: () => DashboardStage): void {
  let server: Server;
  let reader: Reader;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(writeAttack(getStage().origin));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    reader = await getStage().openReader({ name: 'Eve’s victim' });
  });

  afterAll(async () => {
    await reader?.close();
    server?.close();
    server?.closeAllConnections();
  });

  // For a browser, other ports of one address are the same site, to which it sends the cookie; another name of this machine is another site.
  test.each([
    ['127.0.0.1', 'forbidden'],
    ['localhost', 'unauthenticated'],
  ])(
    'a page at another port of %s neither acts in the name of who is signed in, nor signs anybody out, nor frames the dashboard',
    async (host, refusal) => {
      const stage = getStage();
      const { port } = server.address() as AddressInfo;
      const page = await reader.page.context().newPage();

      await page.goto(`http://${host}:${port}/`);
      await page.waitForFunction('document.title === "done"');

      expect(await page.evaluate('window.outcomes')).toEqual({
        'a call as text': 'TypeError',
        'a call as JSON': 'TypeError',
        'a call with the cookie, to be read': 'TypeError',
        'to sign out': 'TypeError',
        'the window of the dashboard': 'out of reach',
      });
      expect(page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
      await page.evaluate('document.querySelector("form").submit()');
      await page.waitForURL(`${stage.origin}/rpc`);
      expect(await page.innerText('body')).toContain(`"${refusal}"`);
      await page.close();
      const { customers } = await stage.fleet.control.call('customers.list.v1', {}, Customers);
      expect(customers.map(({ customerId }) => customerId)).not.toContain(planted);
      await reader.visit('/customers');
      expect(await reader.page.innerText('body')).toContain('Eve’s victim');
    },
  );

  test('a script that found its way into a page of ours would not run, nor read the session, nor tell anybody', async () => {
    await reader.visit('/');
    reader.takeComplaints();

    const outcomes = await reader.ask<unknown>(`(async () => {
      const refused = async (act) => {
        try { return String(await act()); } catch (thrown) { return thrown.name; }
      };
      const style = document.createElement('style');
      style.textContent = 'body { visibility: hidden }';
      document.head.append(style);
      const visibility = getComputedStyle(document.body).visibility;
      style.remove();
      return {
        html: await refused(() => (document.body.innerHTML = '<img src=x onerror="window.harm = 1">')),
        handler: await refused(() => document.body.setAttribute('onclick', 'window.harm = 1')),
        script: await refused(() => { document.createElement('script').textContent = 'window.harm = 1'; }),
        text: await refused(() => setTimeout('window.harm = 1', 0)),
        elsewhere: await refused(() => fetch('http://localhost:1/told')),
        picture: await refused(() => new Promise((done) => {
          const image = new Image();
          image.onerror = () => done('refused');
          image.onload = () => done('told');
          image.src = 'http://localhost:1/told.png';
        })),
        cookie: document.cookie,
        harm: String(window.harm),
        visibility,
      };
    })()`);

    expect(outcomes).toEqual({
      html: 'TypeError',
      handler: 'TypeError',
      script: 'TypeError',
      text: 'TypeError',
      elsewhere: 'TypeError',
      picture: 'refused',
      cookie: '',
      harm: 'undefined',
      visibility: 'visible',
    });
    expect(reader.takeComplaints().join('\n')).toContain('Content Security Policy');
  });
}

/** A page that tries what the web lets any page try. */
function writeAttack(origin: string): string {
  const call = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'customers.put.v1',
    params: { customerId: planted, name: 'Planted' },
  });
  // As a form with one field of plain text sends it, name and value: still JSON.
  const [name = '', value = ''] = call.replace('"id":1', '"id":"="').split('=');
  return `<!doctype html><title>working</title>
<form method="post" action="${origin}/rpc" enctype="text/plain"><input name='${name}' value='${value}'></form>
<iframe src="${origin}/"></iframe>
<script>
  const call = ${JSON.stringify(call)};
  const json = { 'content-type': 'application/json' };
  const tries = {
    'a call as text': () => fetch('${origin}/rpc', { method: 'POST', mode: 'no-cors', credentials: 'include', body: call }),
    'a call as JSON': () => fetch('${origin}/rpc', { method: 'POST', credentials: 'include', headers: json, body: call }),
    'a call with the cookie, to be read': () => fetch('${origin}/rpc', { method: 'POST', credentials: 'include', body: call }),
    'to sign out': () => fetch('${origin}/session', { method: 'DELETE', credentials: 'include' }),
    'the window of the dashboard': async () => {
      const opened = window.open('${origin}/', 'dashboard');
      await new Promise((done) => setTimeout(done, 500));
      return { type: opened === null || opened.closed ? 'out of reach' : 'held' };
    },
  };
  window.outcomes = {};
  onload = async () => {
    for (const [what, act] of Object.entries(tries))
      window.outcomes[what] = await act().then(({ type }) => type, (thrown) => thrown.name);
    document.title = 'done';
  };
</script>`;
}
