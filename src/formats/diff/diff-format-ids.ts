/** What `-f` of `pyglass diff` takes. Apart from what writes them, so that help loads no page. */
export const diffFormatIds = ['html', 'svg'] as const;
export type DiffFormatId = (typeof diffFormatIds)[number];
