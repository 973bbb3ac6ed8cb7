import { compiledDigests } from './digests.ts';

/** What the parent process compares with its own. */
process.stdout.write(JSON.stringify(compiledDigests()));
