import { callOptions } from '@qfs/rpc';
import type { App, RestRooms } from '../app.ts';
import { documented } from '../schemas.ts';
import { deviceOf } from './backend-names.ts';
import { backendView, characterizationsOf, priceOf } from './backend-view.ts';
import { IONQ } from './error-shape.ts';
import { BackendParams, EstimateQuery, ionqRefusals } from './schemas.ts';

const tags = ['ionq'];

/**
 * Devices as IonQ's clients ask for them. As with IonQ, which backends there are is told to anybody: clients ask before
 * they have a key, and take a refusal for a backend of four qubits.
 */
export function ionqBackendRoutes(app: App, rooms: RestRooms): void {
  publicRoutes(app, rooms);
  characterizationRoute(app, rooms);
  estimateRoute(app, rooms);
}

function publicRoutes(app: App, { kernel }: RestRooms): void {
  app.get(
    `${IONQ}/backends`,
    {
      schema: {
        operationId: 'ionqListBackends',
        tags,
        summary: 'Backends: `simulator` and `qpu.DEVICE` for every other device',
        response: { 200: documented('A list of backends.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { devices } = await kernel.listDevices({}, callOptions(request.call));
      const nowMs = Date.now();
      return reply.send(devices.map((device) => backendView(device, nowMs)));
    },
  );

  app.get(
    `${IONQ}/backends/:backend`,
    {
      schema: {
        operationId: 'ionqGetBackend',
        tags,
        summary: 'One backend',
        params: BackendParams,
        response: { 200: documented('The backend.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const deviceId = deviceOf(request.params.backend);
      const { device } = await kernel.getDeviceDetails({ deviceId }, callOptions(request.call));
      return reply.send(backendView(device!, Date.now()));
    },
  );
}

function characterizationRoute(app: App, { kernel }: RestRooms): void {
  app.get(
    `${IONQ}/backends/:backend/characterizations`,
    {
      config: { permission: 'devices:list' },
      schema: {
        operationId: 'ionqListCharacterizations',
        tags,
        summary: 'When a backend was measured, and which of its qubits are coupled',
        params: BackendParams,
        response: { 200: documented('`{characterizations, pages}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const deviceId = deviceOf(request.params.backend);
      const { device } = await kernel.getDeviceDetails({ deviceId }, callOptions(request.call));
      const characterizations = characterizationsOf(device!);
      return reply.send({ characterizations, pages: characterizations.length });
    },
  );
}

function estimateRoute(app: App, { kernel }: RestRooms): void {
  app.get(
    `${IONQ}/jobs/estimate`,
    {
      config: { permission: 'devices:list' },
      schema: {
        operationId: 'ionqEstimateJob',
        tags,
        summary: 'What a job would cost, and how long it would wait',
        querystring: EstimateQuery,
        response: { 200: documented('The estimate.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { backend, type = 'ionq.circuit.v1', ...numbers } = request.query;
      const { device } = await kernel.getDeviceDetails(
        { deviceId: deviceOf(backend) },
        callOptions(request.call),
      );
      const price = priceOf(device!, numbers.shots ?? 0);
      return reply.send({
        estimated_at: new Date().toISOString(),
        input_values: { backend, type, ...numbers },
        estimated_cost: price.value,
        cost_unit: price.unit,
        rate_information: { cost_1q_gate: 0, cost_2q_gate: 0, cost_per_shot: price.perShot },
        estimated_execution_time: null,
        current_predicted_queue_time: device!.estimatedWaitSec,
      });
    },
  );
}
