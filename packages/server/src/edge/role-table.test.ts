import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROLE_TABLE, ROLES } from './role-table.ts';

const EDGES = `
qfs:50091 QfsService <- kernel, system-api
compiler:50071 CompilationService <- kernel, system-api
driver-manager:50061 DriverManagerService <- kernel
kernel:50052 KernelGatewayService <- system-api
kernel:50052 LogService <- system-api
kernel:50052 StoreService <- qfs
`;

test('who may call whom is what the design says', () => {
  const shown = ROLES.flatMap((role) =>
    ROLE_TABLE[role].services.map(
      ({ service, callers }) => `${role}:${ROLE_TABLE[role].port} ${service.name} <- ${callers.join(', ')}`,
    ),
  );
  assert.equal(`\n${shown.join('\n')}\n`, EDGES);
});
