import { PERMISSION_BY_METHOD } from '../grpc/authorization.ts';
import { openApiDocument } from '../rest/openapi.ts';
import { PERMISSION_NAMES, PERMISSIONS, type PermissionRow, ROLES } from './permissions.ts';

type Operation = { readonly 'x-permission'?: string };
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const OF_PLATFORM = ' Of the tenant that runs the platform alone.';

/** `docs/reference/permissions.md`: roles from the table, methods and addresses from what the doors demand. */
export async function permissionsReference(): Promise<string> {
  const { paths } = JSON.parse(await openApiDocument()) as { readonly paths: Paths };
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      route: `\`${method.toUpperCase()} ${path}\``,
      permission: operation['x-permission'],
    })),
  );
  const routesOf = (wanted: string | undefined): string =>
    routes.flatMap(({ route, permission }) => (permission === wanted ? [route] : [])).join(', ');
  const methodsOf = (wanted: string): string =>
    [...PERMISSION_BY_METHOD]
      .flatMap(([method, permission]) => (permission === wanted ? [`\`${method.split('.').at(-1)}\``] : []))
      .join(', ');
  const rows = PERMISSION_NAMES.map((name) => {
    const { roles, help, ofPlatform } = PERMISSIONS[name] as PermissionRow;
    const marks = ROLES.map((role) => ((roles as readonly string[]).includes(role) ? 'yes' : ''));
    return `| \`${name}\` | ${marks.join(' | ')} | ${methodsOf(name)} | ${routesOf(name)} | ${help}${ofPlatform === true ? OF_PLATFORM : ''} |`;
  });
  return [
    '# Permissions',
    '',
    'What each role may do, and what asks for it. A token may be narrowed further by scopes, which are permissions.',
    '',
    `| permission | ${ROLES.join(' | ')} | gRPC | REST | meaning |`,
    `|---|${ROLES.map(() => '---|').join('')}---|---|---|`,
    ...rows,
    '',
    `Any credentials suffice for ${methodsOf('identity')} and ${routesOf('identity')}. Nobody is asked for health, reflection,`,
    `documentation, the page, and ${routesOf(undefined)}.`,
    '',
  ].join('\n');
}
