import { useSyncExternalStore } from 'react';

const darkness = window.matchMedia('(prefers-color-scheme: dark)');

/** How the page looks at this moment; another text as soon as the reader, or the reader's machine, turns from light to dark. */
export function useLook(): string {
  return useSyncExternalStore(subscribe, readLook);
}

function readLook(): string {
  return `${document.documentElement.dataset['theme'] ?? 'system'} ${darkness.matches}`;
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  darkness.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    darkness.removeEventListener('change', listener);
  };
}
