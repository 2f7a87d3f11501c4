/** The languages that highmem speaks: of errors, of the dashboard, of captions. */
export type Language = 'en' | 'zh';
