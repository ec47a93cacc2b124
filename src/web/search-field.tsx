import type { ComponentChildren, RefObject } from 'preact';

/** The field by which functions are searched, and what was found (`children`). */
export function SearchField({
  field,
  value,
  onSearch,
  children,
}: {
  field: RefObject<HTMLInputElement>;
  value: string;
  onSearch: (text: string) => void;
  children: ComponentChildren;
}) {
  return (
    <div class="field">
      <label class="unseen" for="search">
        Search functions and files
      </label>
      <input
        id="search"
        ref={field}
        type="search"
        placeholder="Search   /"
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
      <output class="found" for="search">
        {children}
      </output>
    </div>
  );
}
