/** `@qfs/core/toml`: the part of TOML 1.0 that files of settings need. */
export { parseToml, type TomlScalar, type TomlTable, type TomlValue } from './parse.ts';
