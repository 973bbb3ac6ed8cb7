import { type Logger, pino } from 'pino';

/** JSON lines on stderr; on a terminal the same records, readable. Stdout carries the ready line alone. */
export function createLogger(level: string, service: string): Logger {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: ['authorization', '*.authorization', 'headers.authorization'],
  };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ fd: 2, sync: false }));
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
  return pino({ ...options, formatters: {}, transport: target });
}
