import { type RefObject, useEffect } from 'react';

/**
 * Where what has the focus goes away (a row that is removed, a button that a form takes the place of), browsers give it to nobody, and who works
 * by keyboard begins anew at the top. Here it goes to what was around it: the nearest part that has a name, or the title.
 */
export function useKeptFocus(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    /** What had the focus last, and all that was around it. */
    let path: readonly Element[] = [];

    function remember({ target }: FocusEvent) {
      path = target instanceof Element ? pathOf(target) : [];
    }

    /** Who points at something else has left of their own accord. */
    function forget({ target }: PointerEvent) {
      if (target instanceof Node && path[0]?.contains(target) !== true) path = [];
    }

    function giveBack() {
      if (document.activeElement !== document.body || path[0]?.isConnected !== false) return;
      const left = path.find((each) => each.isConnected && each.matches('section, form, main'));
      const next = left?.matches('main') ? left.querySelector('h1') : left;
      if (!(next instanceof HTMLElement)) return;
      if (!next.hasAttribute('tabindex')) next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }

    // What comes in its place may take the focus itself, as the title of another page does: that goes first.
    const observer = new MutationObserver(() => {
      if (path[0]?.isConnected === false) requestAnimationFrame(() => setTimeout(giveBack));
    });
    observer.observe(current, { childList: true, subtree: true });
    current.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', forget);
    return () => {
      observer.disconnect();
      current.removeEventListener('focusin', remember);
      document.removeEventListener('pointerdown', forget);
    };
  }, [place]);
}

function pathOf(element: Element): readonly Element[] {
  const path: Element[] = [];
  for (let each: Element | null = element; each !== null; each = each.parentElement) path.push(each);
  return path;
}
