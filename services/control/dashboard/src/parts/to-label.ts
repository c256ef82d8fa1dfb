const spelt: Readonly<Record<string, string>> = {
  url: 'URL',
  api: 'API',
  oauth1: 'OAuth 1',
  oauth2: 'OAuth 2',
};

/** Pure. The name of a member as people read it: `baseUrl` is `Base URL`, `client_id` is `Client id`. */
export function toLabel(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => spelt[word.toLowerCase()] ?? word.toLowerCase())
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
