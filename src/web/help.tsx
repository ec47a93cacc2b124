import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FlameKeys, Key } from './keys.js';

export interface HelpProps {
  readonly keys: readonly Pick<Key, 'keys' | 'title'>[];
  readonly flameKeys: FlameKeys;
  readonly onClose: () => void;
  /** What is to be known besides keys. */
  readonly children: ComponentChildren;
}

export function Help({ keys, flameKeys, onClose, children }: HelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <div class="help-head">
        <h2 id="help-title">Keys</h2>
        <button type="button" class="icon" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </div>
      <div class="help-lists">
        <dl>
          {keys.map(({ keys: [key], title }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{title}</dd>
            </div>
          ))}
        </dl>
        <div>
          <h3>In the flame graph</h3>
          <dl>
            {flameKeys.map(([key, title]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{title}</dd>
              </div>
            ))}
          </dl>
          {children}
        </div>
      </div>
    </dialog>
  );
}

export function ReportHelp() {
  return (
    <>
      <h3>What is counted</h3>
      <p>
        Time is wall time of all threads together, unless another is chosen above. Idle threads wait for work
        and are left out. A search is a regular expression; its share counts nested frames once. Every choice
        is in the address of this page: a link to it shows the same.
      </p>
      <p>All of the recording is in this file. The page asks nothing of any network.</p>
    </>
  );
}
