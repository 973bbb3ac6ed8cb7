export { type CommandLine, configurationReference, helpText, parseCommandLine } from './command-line.ts';
export { type LoadedConfiguration, loadConfiguration } from './load.ts';
export { type Configuration, SETTINGS } from './table.ts';
