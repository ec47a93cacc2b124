const svgNamespace = 'http://www.w3.org/2000/svg';
const htmlNamespace = 'http://www.w3.org/1999/xhtml';

type Content = string | Element;

/** An HTML element. Text goes in as text: nothing in a name is ever read as markup. */
export function html<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  return filled(
    document.createElementNS(htmlNamespace, name) as HTMLElementTagNameMap[K],
    attributes,
    content,
  );
}

export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...content: readonly Content[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(svgNamespace, name) as SVGElementTagNameMap[K], attributes, content);
}

function filled<E extends Element>(
  element: E,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly Content[],
): E {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content);
  return element;
}
