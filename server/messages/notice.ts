/** Makes the mail that tells the team something: plain, from us to us, without links of ours in it. Pure. */
import { render, type NotifyParams } from '../../engine/index.ts'
import { inOneLine, type Mail } from './compose.ts'
import { textFacts, type TextSources } from './facts.ts'
import { messageIdHeader, type Secret } from './tokens.ts'

export type NoticeComposition =
  | { readonly ok: true; readonly mail: Mail }
  | { readonly ok: false; readonly detail: string }

export interface NoticeSources extends TextSources {
  readonly message: string
  readonly secret: Secret
}

/** Reads what every text may read, and `contact_url`: the page of the person it is about. */
export function composeNotice(
  { to, subject, text }: Extract<NotifyParams, { to: unknown }>,
  sources: NoticeSources,
): NoticeComposition {
  const { message, contact, workspace, secret, now } = sources
  const facts = { ...textFacts(sources), contact_url: contactUrl(workspace.baseUrl, contact.id) }
  const head = render(subject, facts, { escape: false })
  if (!head.ok) return { ok: false, detail: `the subject cannot be made: ${head.detail}` }
  const body = render(text, facts, { escape: false })
  if (!body.ok) return { ok: false, detail: `the text cannot be made: ${body.detail}` }
  const from = inOneLine(workspace.mailFrom)
  const oneLine = inOneLine(head.text) || 'A journey tells you'
  const messageId = messageIdHeader(message, workspace.baseUrl, secret)
  return {
    ok: true,
    mail: {
      from,
      to,
      subject: oneLine,
      html: `<p style="white-space:pre-line">${escaped(body.text)}</p>`,
      text: body.text,
      headers: {
        From: from,
        To: to.join(', '),
        Subject: oneLine,
        Date: new Date(now).toUTCString().replace('GMT', '+0000'),
        'Message-ID': messageId,
        'Auto-Submitted': 'auto-generated',
      },
      messageId,
    },
  }
}

function contactUrl(baseUrl: string, id: string): string {
  return `${baseUrl}/contacts/${encodeURIComponent(id)}`
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] as string)
}
