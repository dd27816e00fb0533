/** What every text of a message may read, whichever way it goes. */
import { contactFacts, type Contact, type JsonObject } from '../../engine/index.ts'

/** What every message of the installation has in common. */
export interface Sender {
  readonly baseUrl: string
  /** `Acme <hello@acme.eu>` */
  readonly mailFrom: string
  readonly companyName: string
  readonly companyAddress: string
  readonly companyUrl: string
}

export interface TextSources {
  readonly contact: Contact
  /** What it may read besides the contact and the company: `event`, say. */
  readonly facts: JsonObject
  readonly workspace: Sender
  readonly now: number
}

/** `contact`, the given facts, `now`, `company_name`, `company_address` and `company_url`. */
export function textFacts({ contact, facts, workspace, now }: TextSources): JsonObject {
  return {
    ...facts,
    contact: contactFacts(contact),
    now: new Date(now).toISOString(),
    company_name: workspace.companyName,
    company_address: workspace.companyAddress,
    company_url: workspace.companyUrl,
  }
}
