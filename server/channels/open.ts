/** Opens the ways out of the house that the configuration names; in the sandbox none, so that everything is kept here. */
import type { Outlet } from '../../engine/index.ts'
import type { Config } from '../config.ts'
import { openSms, type SmsChannel } from './sms.ts'
import { openSmtp, type SmtpChannel } from './smtp.ts'
import { openWebhooks, type WebhookChannel } from './webhook.ts'

/** Null: messages that would leave there are kept in the mailbox. */
export interface Channels {
  readonly smtp: SmtpChannel | null
  readonly sms: SmsChannel | null
  readonly webhooks: WebhookChannel | null
}

export interface OpenChannels extends Channels {
  /** Once nothing is under way any more. */
  readonly close: () => Promise<void>
}

/** Where messages really leave. */
export function outletsOpen({ smtp, sms, webhooks }: Channels): { readonly [outlet in Outlet]: boolean } {
  return { mail: smtp !== null, sms: sms !== null, web: webhooks !== null }
}

export function openChannels(config: Config, webhookSecret: string): OpenChannels {
  const { sandbox, smtpUrl, sms: account, webhookAllow } = config
  const smtp = sandbox || smtpUrl === null ? null : openSmtp({ url: smtpUrl })
  const from = account?.from ?? null
  const sms = sandbox || account === null || from === null ? null : openSms({ ...account, from })
  const webhooks = sandbox ? null : openWebhooks({ secret: webhookSecret, allow: webhookAllow })
  return {
    smtp,
    sms,
    webhooks,
    close: async () => {
      smtp?.close()
      await sms?.close()
      await webhooks?.close()
    },
  }
}
