/** The server's log: JSON lines on the standard error output, without addresses of people. */
import { pino } from 'pino'

export const logger = pino(
  { base: null, redact: ['email', 'to', 'phone', '*.email', '*.to', '*.phone'] },
  pino.destination(2),
)
