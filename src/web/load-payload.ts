import { type PartName, type Parts, partNames } from '../formats/html/payload.js';
import { type Payload, payloadPieces } from '../formats/html/payload-reader.js';
import { inTurns } from './turns.js';

/** The recording that lies in this page. Throws where it is damaged, or the browser cannot unpack it. */
export async function loadPayload(): Promise<Payload> {
  const parts = await Promise.all(partNames.map(async (name) => [name, await partOf(name)] as const));
  const text = new TextDecoder();
  return inTurns(payloadPieces(Object.fromEntries(parts) as Parts, (bytes) => text.decode(bytes)));
}

/** Data that lies in this page; it is there no more afterwards. */
export async function partOf(name: PartName | 'diff'): Promise<Uint8Array> {
  const element = document.getElementById(`part-${name}`);
  if (element === null) throw new Error(`the part ${name} is missing`);
  const bytes = bytesOf(element.textContent ?? '');
  const encoding = element.dataset['encoding'];
  // What is in memory once need not stay as text.
  element.remove();
  return encoding === 'deflate-raw' ? inflate(bytes) : bytes;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** What raw deflate made. Throws where the bytes are not such. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
