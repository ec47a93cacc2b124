/**
 * JSON of a value that holds names from a target, indented. JSON escapes what is below a space; here, so is what else a
 * terminal would obey or not show: C1 controls, direction marks and invisible characters.
 */
export function plainJson(value: unknown): string {
  return escaped(JSON.stringify(value, undefined, 2));
}

/** The same on one line. */
export function lineJson(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  return json.replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const unseen = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
