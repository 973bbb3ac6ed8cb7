import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { permittedFields } from './log-fields.ts';

const optionsOf = (level: string, service: string): LoggerOptions => ({
  level,
  base: { service },
  messageKey: 'message',
  timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
  formatters: { level: (label) => ({ level: label }), log: permittedFields },
});

/** JSON lines, one per record, with the fields of `LOG_FIELDS`. */
export const jsonLogger = (level: string, service: string, destination: DestinationStream): Logger =>
  pino(optionsOf(level, service), destination);

/** JSON lines on stderr; on a terminal the same records, readable. Stdout carries the ready line alone. */
export function createLogger(level: string, service: string): Logger {
  if (!process.stderr.isTTY) return jsonLogger(level, service, pino.destination({ fd: 2, sync: false }));
  const target = {
    target: 'pino-pretty',
    options: {
      destination: 2,
      messageKey: 'message',
      timestampKey: 'timestamp',
      ignore: 'service',
      translateTime: false,
    },
  };
  const options = optionsOf(level, service);
  return pino({ ...options, formatters: { log: permittedFields }, transport: target });
}
