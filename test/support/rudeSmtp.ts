// An SMTP server as a script: it says exactly what a test wants at each point of the dialogue, or hangs up there.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** The points of a dialogue: the greeting, the commands, the first bytes of a message, and its final dot. */
export const SMTP_MOMENTS = ['connect', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'body', 'dot', 'RSET'] as const
export type SmtpMoment = (typeof SMTP_MOMENTS)[number]

/** A reply without its line end; `drop` hangs up, `silence` says nothing more; `half:…` says half a line and hangs up. */
export type SmtpScript = { readonly [moment in SmtpMoment]?: string }

const POLITE: { readonly [moment in SmtpMoment]: string } = {
  connect: '220 rude ESMTP',
  EHLO: '250 rude',
  MAIL: '250 2.1.0 OK',
  RCPT: '250 2.1.5 OK',
  DATA: '354 go ahead',
  body: '',
  dot: '250 2.0.0 queued',
  RSET: '250 2.0.0 OK',
}

export type RudeSmtpServer = {
  readonly url: string
  /** What was said to it, commands only, over all connections. */
  readonly commands: readonly string[]
  /** Messages that arrived up to the final dot. */
  readonly messages: readonly string[]
  readonly stop: () => Promise<void>
}

/** `scriptOf` is asked for each connection, counted from 0. */
export async function startRudeSmtpServer(
  scriptOf: (connection: number) => SmtpScript,
): Promise<RudeSmtpServer> {
  const commands: string[] = []
  const messages: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  const server = createServer((socket) => {
    const script = scriptOf(connections++)
    let received = ''
    let recipients = 0
    let inMessage = false
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {}) // the other side may be as rude
    say('connect')
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text
      while (inMessage ? takeMessage() : takeCommand());
    })

    function takeCommand(): boolean {
      const end = received.indexOf('\r\n')
      if (end === -1) return false
      const command = received.slice(0, end)
      received = received.slice(end + 2)
      commands.push(command)
      const verb = command.slice(0, 4).toUpperCase()
      if (verb === 'MAIL') recipients = 0
      const moment = SMTP_MOMENTS.find((name) => name === verb)
      const reply = moment === undefined ? answer(verb === 'QUIT' ? '221 bye' : '250 OK') : say(moment)
      if (verb === 'RCPT' && reply?.startsWith('2')) recipients++
      if (verb === 'DATA' && reply?.startsWith('3')) inMessage = true
      return reply !== undefined
    }

    function takeMessage(): boolean {
      if (received === '') return false
      if (script.body !== undefined) {
        // Whatever it answers to the first bytes, it takes no more of them.
        socket.pause()
        if (say('body') === undefined) return false
      }
      const dot = /(?:^|\r\n)\.\r\n/.exec(received)
      if (dot === null) return false
      messages.push(received.slice(0, dot.index))
      received = received.slice(dot.index + dot[0].length)
      inMessage = false
      return say('dot') !== undefined
    }

    function say(moment: SmtpMoment): string | undefined {
      const nobody = moment === 'DATA' && recipients === 0
      return answer(script[moment] ?? (nobody ? '503 5.5.1 no recipients' : POLITE[moment]))
    }

    /** The reply, or undefined when there is nothing more to say. */
    function answer(reply: string): string | undefined {
      if (reply === 'silence') return undefined
      if (reply === 'drop') socket.destroy()
      else if (reply.startsWith('half:')) socket.end(reply.slice(5))
      else {
        socket.write(`${reply}\r\n`)
        return reply
      }
      received = ''
      return undefined
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    messages,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
