// A real SMTP server that keeps what it gets, and can be as unpleasant as real ones are.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'

/**
 * What the server does with a recipient or a whole message: `accept`; `refuse` for good (550); `later` (450); `drop`
 * the connection without an answer, after which the sender cannot know what became of its message.
 */
export const SMTP_ANSWERS = ['accept', 'refuse', 'later', 'drop'] as const
export type SmtpAnswer = (typeof SMTP_ANSWERS)[number]

export type ReceivedMail = {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: Email
  /** What the sender was told: a dropped message arrived in full, but its sender got no answer. */
  readonly answer: SmtpAnswer
}

export type SmtpOptions = {
  readonly port?: number
  /** Asked at each RCPT TO. */
  readonly onRecipient?: (address: string) => SmtpAnswer
  /** Asked after DATA, when the whole message has arrived; a promise makes the sender wait for its answer. */
  readonly onMessage?: (mail: Omit<ReceivedMail, 'answer'>) => SmtpAnswer | Promise<SmtpAnswer>
}

export type TestSmtpServer = {
  /** For SMTP_URL. */
  readonly url: string
  readonly port: number
  /** Every message that arrived in full, oldest first, whatever the answer was. */
  readonly mails: readonly ReceivedMail[]
  /** The first mail for which `wanted` holds, as soon as it is there; throws after `within` ms (10 seconds). */
  readonly waitFor: (wanted: (mail: ReceivedMail) => boolean, within?: number) => Promise<ReceivedMail>
  readonly stop: () => Promise<void>
}

/** Starts it on a free port of 127.0.0.1, without TLS and login. */
export async function startSmtpServer(options: SmtpOptions = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onRcptTo(address, session, done) {
      answer(options.onRecipient?.(address.address) ?? 'accept', session, done)
    },
    onData(stream, session, done) {
      void receive(stream, session, done)
    },
  })
  server.on('error', () => {}) // senders that are killed reset their connections; the tests do that on purpose
  const listening = once(server.server, 'listening')
  server.listen(options.port ?? 0, '127.0.0.1')
  await listening
  const { port } = server.server.address() as AddressInfo

  async function receive(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: Done,
  ): Promise<void> {
    let received: Omit<ReceivedMail, 'answer'>
    try {
      received = await read(stream, session)
    } catch (error) {
      return done(error as Error) // the sender went away in the middle of its message
    }
    const verdict = (await options.onMessage?.(received)) ?? 'accept'
    mails.push({ ...received, answer: verdict })
    answer(verdict, session, done)
  }

  function answer(verdict: SmtpAnswer, session: SMTPServerSession, done: Done): void {
    if (verdict === 'accept') done()
    else if (verdict === 'drop') hangUp(server, session)
    else
      done(Object.assign(new Error(`told to ${verdict}`), { responseCode: verdict === 'refuse' ? 550 : 450 }))
  }

  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    async waitFor(wanted, within = 10_000) {
      const deadline = Date.now() + within
      for (;;) {
        const found = mails.find(wanted)
        if (found !== undefined) return found
        if (Date.now() > deadline) {
          const seen = mails.map(({ to, mail }) => `"${mail.subject}" to ${to.join(', ')}`)
          throw new Error(
            `the mail did not come within ${within} ms; these did: ${seen.join('; ') || 'none'}`,
          )
        }
        await delay(10)
      }
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function read(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Omit<ReceivedMail, 'answer'>> {
  const raw = Buffer.concat(await stream.toArray())
  const { mailFrom, rcptTo } = session.envelope
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw: raw.toString('utf8'),
    mail: await PostalMime.parse(raw),
  }
}

type Done = (error?: Error | null) => void
type Connection = { id: string; ['_socket']: { destroy: () => void } }

/** smtp-server has no public way to hang up without a word, so its connection's socket is taken. */
function hangUp(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections as Set<Connection>) {
    if (connection.id === session.id) connection['_socket'].destroy()
  }
}
