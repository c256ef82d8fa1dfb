import axe from 'axe-core';
import type { Reader } from './reader.ts';

/** What axe, the accessibility engine, finds serious or critical on the page that is open, each with the first elements; contrast included. */
export async function listBarriers(reader: Reader): Promise<readonly string[]> {
  if (!(await reader.ask<boolean>('"axe" in window'))) await reader.ask(`${axe.source}; undefined`);
  return await reader.ask(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => id + ': ' + help + ' ' +
        nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + ' (' + failureSummary + ')').join(' | ')))`);
}

/** What makes the page wider than its window: elements that no other one scrolls or cuts off. */
export async function listOverhang(reader: Reader): Promise<readonly string[]> {
  return await reader.ask(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const isHeld = (element) => {
      for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement)
        if (getComputedStyle(one).overflowX !== 'visible') return true;
      return false;
    };
    const wide = [...document.body.querySelectorAll('*')].filter((element) =>
      element.getBoundingClientRect().right > width + 1 && !isHeld(element));
    return ['the page is ' + document.documentElement.scrollWidth + ' wide in a window of ' + width,
      ...wide.slice(-3).map((element) => element.outerHTML.slice(0, 200))];
  })()`);
}

export interface PageWeight {
  /** As transferred, compressed: document, scripts, styles, data. */
  readonly bytes: number;
  readonly firstContentfulPaintMs: number;
}

/** Of the page as it was loaded last; what the browser had in its cache weighs nothing. */
export async function weighPage(reader: Reader): Promise<PageWeight> {
  return await reader.ask(`({
    bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
    firstContentfulPaintMs: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
  })`);
}
