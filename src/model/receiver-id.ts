/** What profiles can be pushed to; the first one is that of those who name none. */
export const receiverIds = ['pyroscope', 'otlp'] as const;
export type ReceiverId = (typeof receiverIds)[number];
