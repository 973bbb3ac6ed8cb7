import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** A service of a compose file, as far as ours use it. */
export interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target?: string };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly profiles?: readonly string[];
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly tmpfs?: readonly string[];
}

export interface Composition {
  /** The folder of the file: paths in it begin there. */
  readonly folder: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** What a compose file says, or the one file that it includes. */
export function readComposition(path: string): Composition {
  const text = readFileSync(path, 'utf8').replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, otherwise: string) => process.env[name] ?? otherwise,
  );
  const { include, networks = {}, ...rest } = parse(text, { merge: true });
  if (include !== undefined) return readComposition(join(dirname(path), include[0]));
  return { ...rest, networks, folder: dirname(path) };
}

/** `--scale name=count`: several containers, under the names that Compose gives them in the project `qfs`. */
export function scaled(composition: Composition, name: string, count: number): Composition {
  const names = Array.from({ length: count }, (_, at) => `qfs-${name}-${at + 1}`);
  const { [name]: service, ...others } = composition.services;
  return {
    ...composition,
    services: { ...others, ...Object.fromEntries(names.map((one) => [one, service!])) },
  };
}
