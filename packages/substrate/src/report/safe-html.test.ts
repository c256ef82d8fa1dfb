import { expect, test } from 'vitest';
import { html, type SafeHtml } from './safe-html.ts';

test('shows as text whatever stands in its gaps', () => {
  expect(html`<p title="${'"> <b>'}">${'<script>&</script>'} ${7}</p>`.markup).toBe(
    '<p title="&#34;&#62; &#60;b&#62;">&#60;script&#62;&#38;&#60;/script&#62; 7</p>',
  );
});

test('takes over markup that it has made itself, one or many', () => {
  const rows = ['<', '>'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${rows}${html`<li>!</li>`}</ul>`.markup).toBe(
    '<ul><li>&#60;</li><li>&#62;</li><li>!</li></ul>',
  );
});

test('does not trust an object that only looks so, as JSON of a vendor may', () => {
  const forged = JSON.parse('{"markup":"<script>alert(1)</script>"}') as SafeHtml;
  expect(html`${forged}`.markup).toBe('&#60;script&#62;alert(1)&#60;/script&#62;');
  expect(html`${[forged]}`.markup).not.toContain('<');
});

test('shows characters that steer a display as �', () => {
  expect(html`${'a\u202eb\u0000c\u001b[31m'}`.markup).toBe('a�b�c�[31m');
});
