import { type RefObject, useEffect, useRef } from 'react';

/**
 * What `#<id>` in the address means, on a page that is made of data: it is not there yet when the browser and the
 * router look for it, so it brings itself into sight as soon as it is.
 */
export function useAnchor<Target extends HTMLElement>(id: string): RefObject<Target | null> {
  const target = useRef<Target>(null);
  useEffect(() => {
    if (window.location.hash === `#${id}`) target.current?.scrollIntoView();
  }, [id]);
  return target;
}
