import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Express, NextFunction, Request, Response } from 'express';

/** Static pages of a service: what its build made. */
export interface Pages {
  /**
   * Has `index.html`, which is answered for every path that a browser opens, and what it loads; what is in `assets/` has its digest in its name.
   * Beside a file there may be its compressed forms, `.br` and `.gz`. It need not be there yet.
   */
  readonly folder: string;
  /** What to type where it is not there. */
  readonly howToBuild: string;
}

/** Stands in `index.html` wherever an inline script or style, or whoever makes one, needs the answer's nonce. */
const noncePlaceholder = '__FLOTILLA_NONCE__';

/**
 * Serves pages. They hold no data, so anybody may have them; what they show they ask for with a credential. A path that does not exist gets the
 * page too where a browser opens it: the page says so.
 */
export function addPages(app: Express, { folder, howToBuild }: Pages): void {
  const serveFile = createFileServer(folder);

  app.get(['/', '/index.html'], answerPage);
  app.get('/{*path}', serveFile);
  app.get('/{*path}', async (request, response, next) => {
    if (isOpenedByBrowser(request)) await answerPage(request, response);
    else next();
  });

  async function answerPage(_request: Request, response: Response): Promise<void> {
    const html = await readOrUndefined(join(folder, 'index.html'));
    if (html === undefined) {
      response.status(503).type('text/plain');
      response.send(`The dashboard is not built. Build it: ${howToBuild}\n`);
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    response.set(pageHeaders(nonce)).type('text/html');
    response.send(html.replaceAll(noncePlaceholder, nonce));
  }
}

/** Nothing runs but what the build made and what carries this answer's nonce; nothing frames the page, and it sends nothing elsewhere. */
function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  const policy = [
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
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
  };
}

const unusedFeatures = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
];

/** A build while the service runs is seen: files are looked up as they are asked for. */
function createFileServer(folder: string) {
  let loading: ReturnType<typeof load> | undefined;

  async function load() {
    // Only the service that has pages needs it.
    const { default: sirv } = await import('sirv');
    return sirv(folder, { dev: true, brotli: true, gzip: true, extensions: [], setHeaders });
  }

  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    // What begins with a dot is the build's own.
    if (/\/(\.|%2e)/i.test(request.path)) return next();
    // A part of a file is of no use to a page, and sirv throws for one that is not there.
    delete request.headers.range;
    loading ??= load();
    const serve = await loading;
    serve(request, response, next);
  };
}

function setHeaders(response: ServerResponse, path: string): void {
  const isHashed = path.startsWith('/assets/');
  response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function isOpenedByBrowser(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
