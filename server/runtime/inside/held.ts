/** What becomes of what a pause held back, as it was decided: bounded turns, each person in one transaction. */
import { contactById } from '../../store/contacts.ts'
import type { Tx } from '../../store/database.ts'
import {
  deleteHeld,
  dueHeld,
  endDecision,
  heldDecisions,
  postponeHeld,
  takeHeld,
} from '../../store/heldEntries.ts'
import type { HeldDecisionsTable } from '../../store/schema.ts'
import { recordFor } from '../accept.ts'
import { AFTER_FAILURE, AT_ONCE, PAGE, type InsideDeps, type Pace } from './people.ts'

/** Does what is due, until nothing is left or it is told to stop. */
export async function settleHeld(deps: InsideDeps, pace: Pace): Promise<void> {
  for (const decision of await heldDecisions(deps.database.read)) {
    await (decision.from_at === null ? drop : letIn)(deps, decision, pace)
    if (pace.stopping()) return
  }
}

async function drop({ turns }: InsideDeps, decision: HeldDecisionsTable, { stopping }: Pace): Promise<void> {
  const isDone = async (tx: Tx) => {
    await deleteHeld(tx, decision, PAGE)
    return endDecision(tx, decision)
  }
  while (!(await turns.run(isDone))) if (stopping()) return
}

async function letIn(deps: InsideDeps, decision: HeldDecisionsTable, { now, stopping }: Pace): Promise<void> {
  const { database, turns, report } = deps
  for (;;) {
    const due = await dueHeld(database.read, decision, now(), AT_ONCE)
    if (due.length === 0) break
    await Promise.all(
      due.map(({ id, contactId }) =>
        turns
          .run((tx) => letInOne(tx, deps, decision, contactId, now()), { contacts: [contactId] })
          .catch(async (error: unknown) => {
            report(error)
            await turns.run((tx) => postponeHeld(tx, id, now() + AFTER_FAILURE))
          }),
      ),
    )
    if (stopping()) return
  }
  await turns.run((tx) => endDecision(tx, decision))
}

/** Tries the contact's oldest one, whichever was found: what one person did stays in order. */
async function letInOne(
  tx: Tx,
  { runtime }: InsideDeps,
  decision: HeldDecisionsTable,
  contactId: string,
  now: number,
): Promise<void> {
  const contact = await contactById(tx, contactId)
  const held = contact && (await takeHeld(tx, contact.id, decision, now))
  if (held) await recordFor(tx, runtime, contact.id, { ...held, at: now })
}
