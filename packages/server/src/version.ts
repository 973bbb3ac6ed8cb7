/** What `--version`, the metrics and the traces say. */
export const VERSION = '0.1.0';
