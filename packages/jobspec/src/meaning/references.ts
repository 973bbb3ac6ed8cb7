import type { ArtifactRef } from '../contract.ts';

const REFERENCE = /^(?:qfs:\/\/)?circuit_fs\/(?<jobId>[^/]+)\/(?<name>[^#]+)(?:#(?<pointer>.*))?$/s;

/** The parts of `qfs://circuit_fs/<job_id>/<name>#<pointer>`; undefined for any other text. */
export function readArtifactRef(text: string): ArtifactRef | undefined {
  const { jobId, name, pointer = '' } = REFERENCE.exec(text)?.groups ?? {};
  if (jobId === undefined || name === undefined) return undefined;
  return { jobId, name, ...(pointer === '' ? {} : { pointer }) };
}

export const writeArtifactRef = ({ jobId, name, pointer }: ArtifactRef): string =>
  `qfs://circuit_fs/${jobId}/${name}${pointer === undefined ? '' : `#${pointer}`}`;

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function valueAt(json: unknown, pointer: string): unknown {
  let value = json;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
