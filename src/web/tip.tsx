import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What is shown beside the pointer; it stays within the window. Screen readers have the same from `aria-live`. */
export function Tip({ x, y, children }: { x: number; y: number; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const margin = 8;
    const left = Math.max(margin, Math.min(x + 14, innerWidth - width - margin));
    const below = y + 18;
    const top = below + height + margin > innerHeight ? Math.max(margin, y - height - 12) : below;
    element.style.transform = `translate(${left}px, ${top}px)`;
  });
  return (
    <div class="tip" ref={box} aria-hidden="true">
      {children}
    </div>
  );
}
