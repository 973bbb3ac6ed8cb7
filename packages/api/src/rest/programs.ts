import type { JsonInput } from '@qfs/core/json';
import { callOptions } from '@qfs/rpc';
import { circuitMetricsJson, diagnosticFromMessage } from '@qfs/rpc/json';
import { checkProgramSize, validate } from '../validation.ts';
import type { App, RestRooms } from './app.ts';
import { programLanguage, sourceBytes } from './program-language.ts';
import { DrawRequest, documented, problemResponses, ValidateRequest } from './schemas.ts';

/** Programs without a job: is it valid, what does it look like. */
export function programRoutes(app: App, { compiler }: RestRooms): void {
  app.post(
    '/api/v1/validate',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'validateProgram',
        tags: ['programs'],
        summary: 'Check a program; findings with line, column and hint',
        body: ValidateRequest,
        response: {
          200: documented('`{valid, executable, reason?, diagnostics, metrics?, defaults?}`'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { source, encoding, entrypoint = '', level = 'semantic' } = request.body;
      const language = programLanguage(request.body);
      const bytes = sourceBytes('source', source, encoding);
      checkProgramSize(bytes, 'source');
      const verdict = await validate(compiler, { language, source: bytes, entrypoint, level }, request.call);
      const { valid, executable, reason, diagnostics, metrics, defaults } = verdict;
      return reply.send({
        valid,
        executable,
        ...(reason === '' ? {} : { reason }),
        diagnostics: diagnostics.map(diagnosticFromMessage) as unknown as JsonInput[],
        ...(metrics === undefined ? {} : { metrics: circuitMetricsJson(metrics) }),
        ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
      });
    },
  );

  app.post(
    '/api/v1/draw',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'drawProgram',
        tags: ['programs'],
        summary: 'Draw a program as text or SVG',
        body: DrawRequest,
        response: { 200: Type200Drawing, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { source, encoding, format = 'text', fold = 0, ascii = false } = request.body;
      const language = programLanguage(request.body);
      const bytes = sourceBytes('source', source, encoding);
      checkProgramSize(bytes, 'source');
      const answer = await compiler.drawCircuit(
        { language, source: bytes, format, fold, ascii },
        callOptions(request.call),
      );
      const type = format === 'svg' ? 'image/svg+xml' : 'text/plain; charset=utf-8';
      return reply.type(type).send(answer.drawing);
    },
  );
}

const Type200Drawing = {
  description: 'The drawing.',
  content: {
    'text/plain': { schema: { type: 'string' } },
    'image/svg+xml': { schema: { type: 'string' } },
  },
} as const;
