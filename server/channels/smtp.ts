/**
 * Hands mails to an SMTP server, and says what became of each: for certain, or that nobody can know (design section 6).
 *
 * nodemailer reports every fault of a connection alike (command CONN, code ECONNECTION, ESOCKET or ETIMEDOUT), whether it
 * came before the message or while the server was deciding on it. So we watch the message ourselves: its bytes are read
 * only after the server said 354 to DATA. Not a byte read is the proof that nothing arrived; all bytes read and a
 * complete answer of 4xx or 5xx is the proof that the server did not take it (RFC 5321 section 4.2.5: then it MUST NOT
 * deliver). Whatever is neither is uncertain.
 */
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import type { Mail } from '../messages/compose.ts'
import { inOneLine, type Verdict } from './verdict.ts'

export interface SmtpChannel {
  /** Never rejects for what a server or network does. At most one attempt hands over the message. */
  readonly send: (mail: Mail) => Promise<Verdict>
  /** Mails being handed over finish; those that wait for a connection come back as `retry`. */
  readonly close: () => void
}

export interface SmtpOptions {
  /** SMTP_URL: `smtp://user:password@host:587`, `smtps://…` */
  readonly url: string
  /** Milliseconds to connect, until the greeting, and of silence in a dialogue. */
  readonly timeouts?: { readonly connect: number; readonly greeting: number; readonly silence: number }
}

/**
 * RFC 5321 section 4.5.3.2.6 gives a server ten minutes to decide after the final dot: who hangs up earlier makes
 * messages uncertain that were fine.
 */
const TIMEOUTS = { connect: 30_000, greeting: 30_000, silence: 10 * 60_000 }

/** Headers that nodemailer has fields for, and encodes as addresses, words or dates. */
const OWN_FIELDS = ['From', 'To', 'Subject', 'Date', 'Message-ID']

/** Opens the channel; a connection is made with the first mail and kept for the next ones. */
export function openSmtp({ url, timeouts = TIMEOUTS }: SmtpOptions): SmtpChannel {
  const transport = createTransport({
    url,
    pool: true,
    // A connection the server closed while it was idle is opened anew, once; all other repetition is our schedule's.
    maxRequeues: 1,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const bodies = new WeakMap<object, Body>()
  transport.use('stream', ({ data, message }, done) => {
    const body = typeof data.headers === 'object' ? bodies.get(data.headers) : undefined
    if (body === undefined) return done(new Error('a mail that nobody watches'))
    message.processFunc((input) => body.watch(input))
    return done()
  })

  async function send(mail: Mail): Promise<Verdict> {
    const recipients = [mail.to].flat()
    const reserved = recipients.find(isReserved)
    if (reserved !== undefined)
      return {
        type: 'failed',
        reason: 'refused',
        detail: `not sent: "${reserved}" is in a domain kept for examples and tests`,
      }
    const { Date: date } = mail.headers
    const headers = Object.fromEntries(
      Object.entries(mail.headers).filter(([name]) => !OWN_FIELDS.includes(name)),
    )
    const body = watchBody()
    bodies.set(headers, body)
    try {
      const { response } = await transport.sendMail({
        from: mail.from,
        to: recipients.map((address) => ({ name: '', address })), // an object is one recipient, whatever its text says
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        messageId: mail.messageId,
        ...(date !== undefined && { date }),
        headers,
      })
      return body.state() === 'complete'
        ? { type: 'sent', response: inOneLine(response) }
        : uncertain(`the server answered "${inOneLine(response)}" before it had the whole message`)
    } catch (error) {
      return verdictOn(error, body.state())
    }
  }
  return { send, close: () => transport.close() }
}

// ---- The message on its way --------------------------------------------------------------------------------------

/** How much of the message nodemailer took to hand it over. */
type BodyState = 'untouched' | 'begun' | 'complete'
type Body = { readonly watch: (input: Readable) => Readable; readonly state: () => BodyState }

/**
 * Watches the bytes of one message over all connections nodemailer tries it on. They are read once the server said 354
 * and not before (`readableDidRead`); the final dot is written once they are read to the end (`readableEnded`). A message
 * begun once is not given out again, whatever nodemailer may come to do.
 */
function watchBody(): Body {
  const streams: PassThrough[] = []
  const state = (): BodyState => {
    if (!streams.some((stream) => stream.readableDidRead)) return 'untouched'
    return streams.some((stream) => stream.readableEnded) ? 'complete' : 'begun'
  }
  return {
    state,
    watch(input) {
      const output = new PassThrough()
      if (state() !== 'untouched')
        return output.destroy(new Error('the message was begun before, and goes out once only'))
      streams.push(output)
      return pipeline(input, output, () => {}) // a fault reaches the reader of `output`
    },
  }
}

// ---- Verdicts ----------------------------------------------------------------------------------------------------

/** The part of nodemailer's errors that tells what happened. */
type SmtpFault = Error & {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/** Refusals of the session, not of the message: the password is wrong, or the server wants one (RFC 4954). */
const OF_THE_SESSION = [503, 530, 534, 535, 538]

function verdictOn(error: unknown, body: BodyState): Verdict {
  if (!(error instanceof Error)) throw error
  const fault: SmtpFault = error
  const detail = inOneLine(fault.message)
  const { command, code, responseCode = 0 } = fault
  const answered = responseCode >= 400 && responseCode < 600
  if (body !== 'untouched') {
    // Only a complete answer to the final dot is one: half an answer when the connection closed comes as CONN.
    const refused = body === 'complete' && command === 'DATA' && code === 'EMESSAGE' && answered
    if (!refused) return uncertain(detail)
  }
  // Without an answer: nodemailer itself found the message too large for the server, or an address impossible.
  const permanent = answered ? responseCode >= 500 : code === 'EMESSAGE' || code === 'EENVELOPE'
  const ofTheMessage = code === 'EMESSAGE' || code === 'EENVELOPE'
  if (!permanent || !ofTheMessage || OF_THE_SESSION.includes(responseCode)) return { type: 'retry', detail }
  return { type: 'failed', reason: isNobodyThere(fault) ? 'bounced' : 'refused', detail }
}

/**
 * Whether the refusal is about the address (bounced: nothing will be sent there again) or about something else, such as
 * us or the content. Enhanced codes say it exactly (RFC 3463: 5.1.x is the address, 5.2.1 a closed mailbox); without one,
 * 550, 551, 553 and 556 at RCPT mean it (RFC 5321 section 4.2.3, RFC 7504).
 */
function isNobodyThere({ command, responseCode = 0, response = '' }: SmtpFault): boolean {
  const [, subject, detail] = /^5\d\d[ -]5\.(\d{1,3})\.(\d{1,3})\b/.exec(response) ?? []
  if (subject !== undefined)
    return (subject === '1' && detail !== '7' && detail !== '8') || (subject === '2' && detail === '1')
  return command === 'RCPT TO' && [550, 551, 553, 556].includes(responseCode)
}

function uncertain(detail: string): Verdict {
  return { type: 'uncertain', detail }
}

// ---- Reserved domains --------------------------------------------------------------------------------------------

/** RFC 2606 sections 2 and 3, RFC 6761; local: RFC 6762. */
const RESERVED = [
  'example.com',
  'example.net',
  'example.org',
  'test',
  'example',
  'invalid',
  'localhost',
  'local',
]

/** Whether nobody can live at this address: domains kept for examples and tests, which are never handed to SMTP. */
export function isReserved(address: string): boolean {
  const domain = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '')
  return RESERVED.some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`))
}
