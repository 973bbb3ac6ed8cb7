export { configurationReference, helpText, parseCommandLine } from './command-line.ts';
export { loadConfiguration, printable } from './load.ts';
export { type Configuration, SETTINGS } from './table.ts';
