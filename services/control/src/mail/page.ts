import { html, noHtml, type SafeHtml } from '@flotilla/substrate/report/safe-html';

/** What a mail says: as a page and as text, word for word the same news. */
export interface MailBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * Pure. A mail's page: tables and styles within, since mail programs know little more; nothing is loaded from elsewhere. Mail programs that
 * know `prefers-color-scheme` show it dark where the reader wants it so.
 */
export function renderPage({
  title,
  heading = html`${title}`,
  preview,
  content,
  footer,
}: {
  readonly title: string;
  /** The title, where names in it are kept apart from the rest. */
  readonly heading?: SafeHtml;
  /** What a list of mails shows beside the subject. */
  readonly preview: string;
  readonly content: SafeHtml;
  readonly footer: readonly SafeHtml[];
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>
@media (prefers-color-scheme: dark) {
  .ground { background: #14171c !important; }
  .sheet { background: #1d2128 !important; border-color: #363c46 !important; }
  .sheet, .sheet h1, .sheet h2, .sheet h3, .sheet td, .sheet th, .sheet p { color: #e6e9ee !important; }
  .quiet, .sheet td.quiet, .sheet p.quiet { color: #a5adba !important; }
  .sheet a { color: #8ab8ff !important; }
  .line { border-color: #363c46 !important; }
  .words { background: #14171c !important; color: #e6e9ee !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f1f3f6">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f1f3f6">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:720px;background:#ffffff;border:1px solid #d8dde4;border-radius:6px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.45;color:#1c2430;text-align:left">
<tr><td style="padding:20px 24px 8px">
<h1 style="margin:0;font-size:20px;line-height:1.3">${heading}</h1>
</td></tr>
<tr><td style="padding:0 24px 16px">${content}</td></tr>
<tr><td class="quiet line" style="padding:12px 24px 20px;border-top:1px solid #d8dde4;font-size:13px;color:#5b6675">${footer.map((line) => html`<p class="quiet" style="margin:0 0 4px;color:#5b6675">${line}</p>`)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`.markup;
}

/** Pure. A link, or nothing where there is nowhere to go. */
export function link(url: string | undefined | null, text: string | SafeHtml): SafeHtml {
  return url == null ? noHtml : html`<a href="${url}" style="color:#0b57d0">${text}</a>`;
}
