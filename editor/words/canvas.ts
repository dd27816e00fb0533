/** Words of the drawing: the frame, the ways, the buttons, and what happens while something is dragged. */
import type { Starter } from '../builder/document/newTrigger.ts'
import { lower, number } from './say.ts'

export const canvas = {
  /** The sign at the end of a way whose step stands elsewhere. */
  goesOn: (step: string) => `Continue at “${step}”`,
  /** A way back with a name of its own: Everyone else, back to “Wait a day”. */
  labelled: (label: string, back: string) => `${label}, ${lower(back)}`,
  /** What ends a journey early, one of several. */
  anyOf: (conditions: readonly string[]) => conditions.join('; '),

  addBetween: (from: string, to: string) => `Add a step between “${from}” and “${to}”`,
  addBehind: (from: string) => `Add a step behind “${from}”`,
  /** In front of a step that several ways lead to. */
  addBefore: (to: string, ways: number) =>
    ways === 1
      ? `Insert before “${to}”`
      : `Insert before “${to}”, for ${ways === 2 ? 'both' : `all ${number(ways)}`} ways`,
  /** Which of several ways it is on. */
  onWay: (add: string, way: string) => `${add}, on the way “${way}”`,
  addHere: 'What happens here?',
  leads: (from: string, way: string | undefined) =>
    way === undefined ? `Lead “${from}” to another step` : `Lead “${way}” to another step`,

  frame: {
    whatStarts: 'What starts it?',
    another: 'Another way in',
    noGoal: 'None yet: what should people reach?',
    noExit: 'Never: everybody goes all the way',
  },
  starters: {
    signUp: { name: 'Signs up for the newsletter', added: 'Starts with a sign-up for the newsletter' },
    form: { name: 'Submits a form', added: 'Starts with a form' },
    page: { name: 'Visits a page', added: 'Starts with a visit to a page' },
    click: { name: 'Clicks in an e-mail', added: 'Starts with a click in an e-mail' },
    score: { name: 'Score crosses a number', added: 'Starts when the score crosses a number' },
    list: { name: 'Joins a list', added: 'Starts when somebody joins a list' },
    purchase: { name: 'Buys something', added: 'Starts with a purchase' },
    byHand: { name: 'By hand, or by program', added: 'Starts by hand, or by program' },
    other: { name: 'Something else…', added: 'Starts with something else: choose what' },
  } satisfies Record<Starter, { name: string; added: string }>,

  palette: {
    title: 'Steps',
    open: 'Show the kinds of steps',
    close: 'Hide the kinds of steps',
    drag: (kind: string, about: string) =>
      `${kind}: ${lower(about)}. Drag it to a way, or choose it and then a place.`,
  },
  hand: {
    place: (kind: string) => `Where does “${kind}” go? Choose a place with a plus.`,
    lead: 'Choose the step where it continues.',
    cancel: 'Cancel',
    beside: 'Dropped beside a place: nothing has changed.',
    besideStep: 'Dropped beside a step: nothing has changed.',
  },
  tools: {
    of: (step: string) => `“${step}”`,
    replace: 'Another kind',
    duplicate: 'Duplicate',
    copy: 'Copy',
    remove: 'Delete',
  },
  several: (count: number) => `${number(count)} steps selected`,
  moved: 'Moved by hand',
  problem: { error: 'Something is wrong here', warning: 'Something is worth a look here' },
} as const
