/**
 * The words and the dialect of a journey file (design sections 2 and 3). One definition here gives the parser, the JSON
 * Schema, the editor's menus and the types.
 *
 * contact      a person with an identity         visitor     one without
 * attribute    a value of a contact              score       an attribute that a ledger keeps, SCORE first of all
 * list         static group of contacts          journey     what a marketer draws; a file is one version of it
 * trigger      what lets a contact in            step        a card on the canvas, a state of the machine
 * wait         a step that is due at a time      enrollment  one contact's passage through one version
 * way          where a step goes on              branch      one of several ways, with a condition
 * goal, exit   conditions that end a passage     effect      what the engine asks the server to do
 */
import { z } from 'zod'
import { STAGES, type Stage } from './contact.ts'
import { condition, type Condition } from './dialect/conditions.ts'
import { duration, heardEvent, ownStepId, STEP_EXPECTED, stepId, TRIGGER_TARGET } from './dialect/names.ts'
import { edgeMeta, label, MAX_BRANCHES, STEP_KINDS, timeName, type Step } from './dialect/steps.ts'

export const REENTRY_POLICIES = ['once', 'afterExit', 'restart', 'parallel'] as const
export type ReentryPolicy = (typeof REENTRY_POLICIES)[number]

export interface Reentry {
  readonly policy: ReentryPolicy
  /** A property of the entering event: every rule then counts per value of it. */
  readonly key?: string
  /** Since the last entry. */
  readonly cooldown?: string
  /** Entries ever. */
  readonly max?: number
}

/** A condition that ends the passage, with a way of its own where something is still to be done. */
export interface Ending {
  readonly when: Condition
  readonly to?: string
}

export interface JourneyMeta {
  readonly format: 1
  readonly name: string
  readonly description?: string
  readonly stage?: Stage
  readonly reentry?: Reentry
  readonly goal?: Ending
  readonly exits?: readonly Ending[]
  readonly audience?: Condition
}

export interface Trigger {
  /** `.step`, as XState writes a child of the root. */
  readonly target: string
  /** `at` names the time that lets in, for triggers on `time.due` and for them alone. */
  readonly guard: {
    readonly type: 'mayEnter'
    readonly params?: { readonly when?: Condition; readonly at?: string }
  }
  readonly meta?: { readonly label: string }
}

/** A journey file: an XState v5 machine config, nothing added, nothing left out. */
export interface Journey {
  readonly $schema?: string
  readonly id: string
  readonly meta: JourneyMeta
  readonly context: Record<string, never>
  readonly initial: 'outside'
  readonly on: { readonly [event: string]: Trigger | readonly Trigger[] }
  readonly states: { readonly [step: string]: Step }
}

const ending = z.strictObject({ when: condition, to: ownStepId.exactOptional() })
export const triggerSchema = z.strictObject({
  target: z.string().regex(TRIGGER_TARGET, 'a step with a dot before it, such as ".welcome"'),
  guard: z.strictObject({
    type: z.literal('mayEnter'),
    params: z
      .strictObject({ when: condition.exactOptional(), at: timeName.exactOptional() })
      .refine(
        ({ when, at }) => when !== undefined || at !== undefined,
        'a condition ("when") or a time ("at")',
      )
      .exactOptional(),
  }),
  meta: edgeMeta,
})
export const stepSchema = z.union(
  Object.values(STEP_KINDS).flatMap(({ shapes }) => [...shapes] as z.ZodType[]),
  STEP_EXPECTED,
)

/** The whole file. What no shape can say is in `meaning.ts` (targets exist, say) and `verify/`. */
export const journeySchema = z
  .strictObject({
    $schema: z.string().exactOptional(),
    id: stepId,
    meta: z.strictObject({
      format: z.literal(1, 'format 1, which this version of Tidemark reads'),
      name: label,
      description: z.string().max(5000).exactOptional(),
      stage: z.enum(STAGES).exactOptional(),
      reentry: z
        .strictObject({
          policy: z.enum(REENTRY_POLICIES),
          key: z.string().min(1).max(255).exactOptional(),
          cooldown: duration.exactOptional(),
          max: z.number().int().min(1).max(1_000_000).exactOptional(),
        })
        .exactOptional(),
      goal: ending.exactOptional(),
      exits: z.array(ending).exactOptional(),
      audience: condition.exactOptional(),
    }),
    context: z.strictObject({}),
    initial: z.literal('outside'),
    on: z.record(
      heardEvent,
      z.union(
        [triggerSchema, z.array(triggerSchema).min(1).max(MAX_BRANCHES)],
        'a trigger, or a list of triggers',
      ),
    ),
    states: z.object({ outside: z.strictObject({}) }).catchall(stepSchema),
  })
  .meta({
    title: 'Tidemark journey',
    description: 'A lead-scoring journey: an XState v5 machine config in the dialect of Tidemark.',
  })
