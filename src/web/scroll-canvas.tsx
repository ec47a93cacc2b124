import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { onPaper } from './on-paper.js';

/** What of the content is in sight, in pixels. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  /** How far it is scrolled. */
  readonly top: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ScrollCanvasProps {
  readonly contentHeight: (width: number) => number;
  /** As CSS has it: how much of that is in sight at once. */
  readonly maxHeight?: string;
  readonly className?: string;
  readonly paint: (context: CanvasRenderingContext2D, sight: Sight) => void;
  readonly onWidth?: (width: number) => void;
  readonly onMove?: (at: Point | undefined, event: PointerEvent) => void;
  readonly onDown?: (at: Point, event: PointerEvent) => void;
  readonly onUp?: (at: Point, event: PointerEvent) => void;
  readonly onClick?: (at: Point, event: MouseEvent) => void;
  readonly onDoubleClick?: (at: Point) => void;
  /** A place of the content that is to be in sight. */
  readonly reveal?: number | undefined;
}

/** Pixels of a picture on paper: browsers have canvases of some 16,000 (Chromium) and more. */
const highestOnPaper = 8000;

/**
 * A canvas as large as what is in sight of a content that may be higher than any canvas. It stays in place while the
 * box around it is scrolled, and is painted anew. On paper, where nobody scrolls, it is all of the content, as wide as
 * the paper is (media.css).
 */
export function ScrollCanvas(props: ScrollCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const isOnPaper = useRef(false);
  const latest = useRef(props);
  latest.current = props;
  const height = props.contentHeight(Math.max(1, width));

  const paintNow = () => {
    const [outer, element] = [box.current, canvas.current];
    const context = element?.getContext('2d');
    if (!outer || !element || !context || outer.clientWidth === 0) return;
    const sight = isOnPaper.current
      ? paperSight(outer, latest.current)
      : { width: outer.clientWidth, height: outer.clientHeight, top: outer.scrollTop };
    const scale = devicePixelRatio || 1;
    const [wide, high] = [Math.round(sight.width * scale), Math.round(sight.height * scale)];
    if (element.width !== wide || element.height !== high) {
      element.width = wide;
      element.height = high;
      element.style.setProperty('--wide', `${sight.width}px`);
      element.style.setProperty('--high', `${sight.height}px`);
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, sight.width, sight.height);
    latest.current.paint(context, sight);
  };

  useLayoutEffect(() => {
    const outer = box.current;
    if (!outer) return;
    const measure = () => {
      setWidth(outer.clientWidth);
      latest.current.onWidth?.(outer.clientWidth);
      paintNow();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(outer);
    measure();
    outer.addEventListener('scroll', paintNow, { passive: true });
    const forgetPaper = onPaper((is) => {
      isOnPaper.current = is;
      paintNow();
    });
    return () => {
      observer.disconnect();
      outer.removeEventListener('scroll', paintNow);
      forgetPaper();
    };
  }, []);
  useLayoutEffect(paintNow);
  useEffect(() => {
    const outer = box.current;
    if (!outer || props.reveal === undefined) return;
    const margin = 30;
    if (props.reveal < outer.scrollTop) outer.scrollTop = props.reveal - margin;
    else if (props.reveal + margin > outer.scrollTop + outer.clientHeight)
      outer.scrollTop = props.reveal + margin - outer.clientHeight;
  }, [props.reveal]);

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top + (box.current?.scrollTop ?? 0) };
  };
  return (
    <div class={`scroll ${props.className ?? ''}`} ref={box} style={{ '--most': props.maxHeight ?? 'none' }}>
      <div class="content" style={{ '--high': `${Math.max(1, height)}px` }}>
        <canvas
          ref={canvas}
          onPointerMove={(event) => props.onMove?.(pointOf(event), event)}
          onPointerLeave={(event) => props.onMove?.(undefined, event)}
          onPointerDown={(event) => props.onDown?.(pointOf(event), event)}
          onPointerUp={(event) => props.onUp?.(pointOf(event), event)}
          onClick={(event) => props.onClick?.(pointOf(event), event)}
          onDblClick={(event) => props.onDoubleClick?.(pointOf(event))}
        />
      </div>
    </div>
  );
}

function paperSight({ clientWidth: width }: HTMLElement, { contentHeight }: ScrollCanvasProps): Sight {
  return { width, height: Math.max(1, Math.min(highestOnPaper, contentHeight(width))), top: 0 };
}
