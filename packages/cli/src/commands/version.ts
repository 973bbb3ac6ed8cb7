import { ENGINE_VERSION } from '@qfs/simulator';
import manifest from '../../package.json' with { type: 'json' };
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

interface VersionOptions {
  readonly server?: boolean;
}

export const version: Command<VersionOptions> = {
  arguments: [],
  options: [{ flags: '--server', help: 'the version of the server too' }],
  asksServer: true,
  examples: ['version --json', 'version --server'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const server = options.server
      ? (await withServer(invocation, (client) => client.health())).version
      : undefined;
    const document = {
      version: manifest.version,
      engine_version: ENGINE_VERSION,
      node_version: process.versions.node,
      ...(options.server && { server_version: server ?? null }),
    };
    if (options.json) printJson(document, terminal);
    else if (options.quiet) terminal.out(`${manifest.version}\n`);
    else {
      terminal.out(
        `eigen-cli ${manifest.version}, simulator ${ENGINE_VERSION}, Node ${process.versions.node}\n`,
      );
      if (options.server) terminal.out(`server ${server ?? 'of a version that it does not tell'}\n`);
    }
    return EXIT.ok;
  },
};
