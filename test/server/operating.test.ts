// What operators do to a server: stop it in the middle of everything, start it twice, look into messages in doubt.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Step } from '../../engine/index.ts'
import { apiOf, ask, BASIC } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { newFolder, removeFolder } from '../support/database.ts'
import { END, points } from '../support/entries.ts'
import { freePort } from '../support/freePort.ts'
import { journeyOf, triggerTo } from '../support/journeys.ts'
import { startServer } from '../support/serverProcess.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'

function realMail(smtp: TestSmtpServer): Record<string, string> {
  return {
    SMTP_URL: smtp.url,
    BASE_URL: 'https://go.nordlicht-lampen.de',
    MAIL_FROM: 'hallo@nordlicht-lampen.de',
    COMPANY_NAME: 'Nordlicht',
    COMPANY_ADDRESS: 'Hafenstraße 7, Hamburg',
    COMPANY_URL: 'https://www.nordlicht-lampen.de',
  }
}

const MAIL: Step = {
  meta: { kind: 'email' },
  entry: { type: 'sendEmail', params: { subject: 'Hi', html: '<p>Hi</p>', messageType: 'transactional' } },
  always: 'end',
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = newFolder()
  try {
    await test(folder)
  } finally {
    await removeFolder(folder)
  }
}

it('with much mail waiting it ends within seconds, leaves none in doubt, and sends the rest after the next start', () =>
  inFolder(async (folder) => {
    let thinking = 300
    const smtp = await startSmtpServer({ onMessage: () => delay(thinking, 'accept' as const) })
    const env = realMail(smtp)
    try {
      const first = await startServer({ folder, env })
      await apiOf(first).publish(journeyOf({ mail: MAIL, end: END }))
      const call = (n: number) => ({
        type: 'track',
        userId: `p${n}`,
        event: 'go',
        context: { traits: { email: `p${n}@nordlicht-lampen.de` } },
      })
      expect(
        (await apiOf(first).post('batch', { batch: Array.from({ length: 190 }, (_, n) => call(n)) })).status,
      ).toBe(200)
      await smtp.waitFor(() => true)
      expect(await first.stop()).toBe(0)
      expect(smtp.mails.length).toBeLessThan(190)

      thinking = 0
      const second = await startServer({ folder, env })
      for (const end = Date.now() + 20_000; smtp.mails.length < 190 && Date.now() < end; ) await delay(50)
      const doubtful = await apiOf(second).pages('/messages?status=uncertain')
      await second.stop()
      expect(doubtful).toEqual([])
      expect(new Set(smtp.mails.map(({ mail }) => mail.messageId)).size).toBe(190)
      expect(smtp.mails).toHaveLength(190)
    } finally {
      await smtp.stop()
    }
  }))

it('under load it answers what it took, exits with 0, and each event counts once', () =>
  inFolder(async (folder) => {
    const port = await freePort()
    const first = await startServer({ folder, port })
    await apiOf(first).publish(
      journeyOf(
        { add: points(1, 'end'), end: END },
        { meta: { reentry: { policy: 'parallel' } }, on: { go: triggerTo('add') } },
      ),
    )
    const unexpected: number[] = []
    const deliver = async (n: number): Promise<void> => {
      for (;;) {
        const body = { userId: 'one', event: 'go', messageId: `m${n}` }
        const answer = await ask(`${first.url}/v1/track`, 'POST', body, { Authorization: BASIC }).catch(
          (error: unknown) => {
            if (error instanceof TypeError) return undefined
            throw error
          },
        )
        if (answer?.status === 200) return
        if (answer && answer.status !== 503) unexpected.push(answer.status)
        await delay(10)
      }
    }
    const load = Promise.all(
      Array.from({ length: 16 }, async (_, client) => {
        for (let i = 0; i < 100; i++) await deliver(client * 100 + i)
      }),
    )
    await delay(150)
    expect(await first.stop()).toBe(0)
    const second = await startServer({ folder, port })
    await load
    expect(unexpected).toEqual([])
    expect(await apiOf(second).score('one')).toBe(1_600)
    await second.stop()
  }))

it('a mail of which nobody knows whether it arrived is a problem, and goes out again only by a person’s word, as the same mail', () =>
  inFolder(async (folder) => {
    let answer: 'drop' | 'accept' = 'drop'
    const smtp = await startSmtpServer({ onMessage: () => answer })
    const server = await startServer({ folder, env: realMail(smtp) })
    try {
      const api = apiOf(server)
      await api.publish(journeyOf({ mail: MAIL, end: END }))
      const to = 'ada@nordlicht-lampen.de'
      await api.identify('ada', { email: to })
      await api.track('ada', 'go')
      await smtp.waitFor(() => true)
      let [doubtful] = await api.pages<{ id: string; to: string }>('/messages?status=uncertain')
      for (const end = Date.now() + 5_000; !doubtful && Date.now() < end; await delay(20))
        [doubtful] = await api.pages('/messages?status=uncertain')
      expect(doubtful?.to).toBe(to)
      const problems = await api.pages<{ code: string; detail: string }>('/problems')
      expect(problems.find(({ code }) => code === 'message_uncertain')?.detail).toContain(to)
      await delay(500)
      expect(smtp.mails).toHaveLength(1)

      answer = 'accept'
      const resend = `/messages/${encodeURIComponent(doubtful?.id ?? '')}/resend`
      await api.must('POST', resend)
      await smtp.waitFor((mail) => mail.answer === 'accept')
      expect(new Set(smtp.mails.map(({ mail }) => mail.messageId)).size).toBe(1)
      for (const end = Date.now() + 5_000; Date.now() < end; await delay(20))
        if ((await api.pages('/messages?status=sent')).length === 1) break
      expect(await api.admin('POST', resend)).toMatchObject({ status: 409, body: { code: 'not_resendable' } })
      expect(await runCommand(folder, 'verify')).toContain('no difference')
    } finally {
      await server.stop()
      await smtp.stop()
    }
  }))

it('where the operator chose to send doubtful mail again, it is repeated at the usual pace and not as fast as the server drops it', () =>
  inFolder(async (folder) => {
    const smtp = await startSmtpServer({ onMessage: () => 'drop' })
    const server = await startServer({ folder, env: { ...realMail(smtp), DELIVERY_ON_UNCERTAIN: 'resend' } })
    try {
      const api = apiOf(server)
      await api.publish(journeyOf({ mail: MAIL, end: END }))
      await api.track('ada', 'go', {}, { context: { traits: { email: 'ada@nordlicht-lampen.de' } } })
      await smtp.waitFor(() => true)
      await delay(1_500)
      expect(smtp.mails).toHaveLength(1)
      expect(await api.pages('/messages?status=retry')).toHaveLength(1)
    } finally {
      await server.stop()
      await smtp.stop()
    }
  }))
