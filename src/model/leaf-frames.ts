/** A frame below those of a task that waits for work, such as the next item of its queue. */
export const waitForWork = '<waiting for work>';
/** The same of a task whose next step is due. */
export const waitForLoop = '<waiting for the event loop>';
/** How all names of frames begin that say what a task waits for. */
export const waitPrefix = '<waiting for ';
