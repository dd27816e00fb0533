/** What a sentence calls a step: by its label, else by what it does. Never by its id, which only the file shows. */
import { durationInWords } from './calendar.ts'
import { inWords, namedEvent } from './conditionWords.ts'
import { delayInWords, momentInWords, parseDelay } from './delays.ts'
import type { Action, UpdateParams } from './dialect/actions.ts'
import type { Step } from './dialect/steps.ts'
import { fieldInWords, plain } from './names.ts'
import { clipped } from './problem.ts'
import { branchesOf, kindOf, whenOf } from './reading.ts'

/** The step within a sentence: `“Breathe”`, `the e-mail “Welcome”`, `the wait of 1 day`. */
export function stepInWords(step: Step): string {
  if (step.meta?.label !== undefined) return `“${clipped(step.meta.label)}”`
  if (step.entry) return actionInWords(step.entry)
  switch (kindOf(step)) {
    case 'condition':
      return conditionName(step)
    case 'split':
      return 'the random split'
    case 'wait':
      return waitName(Object.keys(step.after!)[0]!)
    case 'waitFor':
      return `the wait for ${awaited(step)}`
    case 'decay':
      return decayName(step)
    case 'leave':
      return 'the step that leaves the journey'
    default:
      return 'the end'
  }
}

/** By what it does on entry. */
function actionInWords(action: Action): string {
  switch (action.type) {
    case 'updateAttribute':
      return `the step that ${changeInWords(action.params)}`
    case 'addToList':
      return `the step that adds to “${action.params.list}”`
    case 'removeFromList':
      return `the step that takes off “${action.params.list}”`
    case 'moveToList':
      return `the step that moves to “${action.params.list}”`
    case 'sendEmail':
      return titled(
        'the e-mail',
        'template' in action.params ? plain(action.params.template) : action.params.subject,
      )
    case 'sendSms':
      return titled('the SMS', action.params.text)
    case 'callWebhook':
      return `the call of ${hostOf(action.params.url)}`
    case 'notify':
      return 'the notice to the team'
    case 'setStage':
      return `the step that sets the stage to ${action.params.stage}`
    case 'startJourney':
      return `the step that starts “${plain(action.params.journey)}”`
  }
}

function changeInWords({ attribute, add, subtract }: UpdateParams): string {
  const field = fieldInWords(attribute)
  if (typeof add === 'number') return `adds ${add} to ${field}`
  return typeof subtract === 'number' ? `takes ${subtract} off ${field}` : `changes ${field}`
}

/** A text in quotes; nothing where it is still empty. */
function titled(what: string, text: string): string {
  const said = text.replaceAll(/\s+/g, ' ').trim()
  return said === '' ? what : `${what} “${clipped(said)}”`
}

function hostOf(url: string): string {
  return clipped(url.replace(/^https?:\/\//, '').replace(/[/?#].*$/s, ''))
}

function conditionName({ always }: Step): string {
  const branches = branchesOf(always)
  const first = branches.length === 2 ? whenOf(branches[0]!) : undefined
  return first
    ? `the condition “${clipped(inWords(first))}”`
    : `the condition with ${branches.length} branches`
}

function waitName(name: string): string {
  const delay = parseDelay(name)!
  if ('duration' in delay) return `the wait of ${durationInWords(delay.duration)}`
  return `the wait ${delay.type === 'between' ? 'for a time' : 'until'} ${momentInWords(delay)}`
}

/** The first of what is waited for; there may be more. */
function awaited({ on = {}, always }: Step): string {
  const [event] = Object.keys(on)
  return `“${clipped(event === undefined ? inWords(whenOf(branchesOf(always)[0]!)!) : namedEvent(event))}”`
}

function decayName({ after }: Step): string {
  const [name, way] = Object.entries(after!)[0]!
  const { attribute } = branchesOf(way)[0]!.actions![0]!.params as UpdateParams
  return `the step that lowers ${fieldInWords(attribute)} after ${delayInWords(parseDelay(name)!)}`
}
