/** Words for publishing: the bar at the top of a journey, its states, and what changes with each of them. */
import type { JourneyMeta, StepPart } from '../../engine/index.ts'
import { number, people } from './say.ts'

const changes = (count: number) => `${number(count)} ${count === 1 ? 'change' : 'changes'}`
const messages = (count: number) => `${number(count)} ${count === 1 ? 'message' : 'messages'}`
const steps = (count: number) => `${number(count)} ${count === 1 ? 'step' : 'steps'}`
const are = (count: number) => (count === 1 ? 'is' : 'are')

export const publish = {
  bar: {
    about: 'About this journey',
    tools: 'Tools for this journey',
    counts: 'People in this journey',
    rename: 'Rename the journey',
    name: 'Name of the journey',
    undo: 'Undo',
    redo: 'Redo',
    nothingToUndo: 'Nothing to undo yet',
    nothingToRedo: 'Nothing to redo',
    history: 'History',
    more: 'More',
    unpublished: (count: number) => `${changes(count)} not published`,
  },
  publish: 'Publish',
  /** Why nothing can be published now. */
  whyNot: {
    archived: 'This journey is archived. Take it out of the archive first.',
    unchanged: (version: number | null) =>
      version === null
        ? 'There is nothing to publish yet.'
        : `Everything is published: v${number(version)} is what you see.`,
    errors: (count: number) =>
      count === 1 ? 'One error has to be mended first.' : `${number(count)} errors have to be mended first.`,
  },

  dialog: {
    title: (name: string) => `Publish “${name}”`,
    lead: (version: number) =>
      `This becomes v${number(version)}. You can take it back for one minute, and nothing of it is sent before that minute is over.`,
    paused:
      'This journey is paused, and stays paused: nobody enters and nothing goes out before it is resumed. The numbers say what would happen if it went on now.',
    stopped: 'This journey was stopped. Publishing makes it live again.',
    reckoning: 'Reckoning what would happen…',
    again: 'Reckoning anew…',
    estimate: (looked: number, of: number) =>
      `There are many people, so these numbers are estimates: ${number(looked)} of ${number(of)} were looked at.`,
    exact: 'Reckoned with everybody who is known now. Who comes meanwhile is not in these numbers.',
    publish: 'Publish',
    publishAndMail: (count: number) => `Publish and mail ${people(count)} today`,
    publishAndWrite: (count: number) => `Publish and write to ${people(count)} today`,
    type: (count: number) => `That is a lot for one day. Type ${number(count)} to go on.`,
    cancel: 'Not now',
    changedMeanwhile: 'The draft was changed meanwhile. What you see now is the new one: look at it again.',
    looked: 'I have looked at it',
    numbersChanged: 'The numbers have changed since you looked. Look at them again:',
    unsaved: 'Your changes could not be saved, so nothing can be published yet. Your work is kept here.',
    failed: (detail: string | undefined) =>
      `Nothing was published. ${detail ?? 'The server does not answer.'}`,
    problems: {
      title: 'This cannot be published yet',
      lead: 'Each of these has to be mended first:',
      go: 'Show where',
    },
    retry: 'Try again',
    sections: {
      changes: 'What changes',
      entering: 'Who can enter',
      messages: 'What is sent',
      inside: 'People inside',
      sender: 'Sender',
    },
  },

  differences: {
    marks: { added: 'New', changed: 'Changed', removed: 'Removed' },
    from: 'Before',
    to: 'Now',
    parts: {
      texts: 'its words',
      points: 'its points',
      delay: 'how long it waits',
      conditions: 'its conditions',
      ways: 'where it leads',
      kind: 'its kind',
      rest: 'its settings',
    } satisfies Record<StepPart, string>,
    settings: {
      format: 'Format',
      name: 'Name',
      description: 'Description',
      stage: 'Stage',
      reentry: 'Entering again',
      audience: 'Only for',
      goal: 'Goal',
      exits: 'Leaves early when',
    } satisfies Record<keyof JourneyMeta, string>,
    nothing: 'nothing',
    counted: {
      first: 'First version',
      none: 'Nothing changed',
      added: (count: number) => `${steps(count)} new`,
      changed: (count: number) => `${steps(count)} changed`,
      removed: (count: number) => `${steps(count)} removed`,
      entry: 'who enters changed',
      settings: 'settings changed',
    },
    first: (count: number) => `This is the first version, with ${steps(count)}.`,
    none: 'Nothing changed.',
    draw: 'Show it drawn',
    hide: 'Hide the drawing',
    more: (count: number) => `Show ${number(count)} more`,
    published: 'As it is live',
    draft: 'Your draft',
    drawing: (name: string) => `${name}, drawn small. The list says in words what is different.`,
  },

  entering: {
    lead: 'Whoever does this from now on:',
    audience: (condition: string) => `Only for people of whom this is true: ${condition}`,
    nobodyYet: 'Nobody enters by publishing alone.',
    include: (count: number) =>
      `Include the ${people(count)} who ${count === 1 ? 'matches' : 'match'} already`,
    includeOff: (count: number) =>
      count === 1
        ? 'Off: this person enters only when it happens again.'
        : 'Off: they enter only when it happens again.',
    includeOn: (count: number) =>
      count === 1
        ? 'On: this person enters right after publishing.'
        : 'On: they enter right after publishing.',
    nobodyMatches: 'Nobody matches already.',
    refused: (count: number, because: string) =>
      `${people(count)} ${count === 1 ? 'matches' : 'match'} too, and would not enter: ${because}.`,
  },

  sending: {
    none: 'This journey sends no messages.',
    nothing: 'Nobody gets a message within 7 days from those who are known now.',
    message: 'Message',
    today: 'Today',
    week: 'Within 7 days',
    held: 'Held back',
    people: 'People who get something',
    from: (address: string) => `E-mails come from ${address}`,
    sms: (sender: string) => `SMS come from ${sender}`,
    noSms: 'No sender of SMS is set up, so they are kept here.',
    company: (company: string, address: string) => `${company}, ${address}`,
    reasons: {
      no_consent: 'have not agreed to it, or have unsubscribed',
      no_address: 'have no address',
      unreachable: 'bounced or complained before',
      capped: 'have got enough lately',
      pace: 'wait until somebody lets them go, as the journey may not send more in an hour',
      late: 'are skipped, as what led to them is long past',
    } as Readonly<Record<string, string>>,
    heldBack: (count: number, reason: string) => `${number(count)} ${reason}`,
    brakes: (firstHour: number) =>
      `A new version sends at most ${messages(firstHour)} in its first hour. What is more waits, and stands among the problems until somebody lets it go.`,
    state: {
      stopped: 'All sending is stopped: what is due waits here until it is started again.',
      sandbox: 'This is a sandbox: messages are kept here, and never leave.',
      kept: 'No mail server is set up: messages are kept here, in the mailbox.',
      live: 'Messages go out to real people.',
    },
  },

  inside: {
    nobody: 'Nobody is in this journey now.',
    lead: (count: number) => `${people(count)} ${are(count)} in this journey. What happens to them?`,
    choices: {
      move: { name: 'They move along', text: 'Each goes on in the new version, at the same step.' },
      stay: {
        name: 'They stay',
        text: 'Each finishes the version they are in. Only who enters from now on gets the new one.',
      },
      leave: { name: 'They leave', text: 'All of them leave the journey now. Nothing more is sent to them.' },
    },
    step: 'Step',
    people: 'People',
    goes: 'What happens',
    version: (version: number) => `in v${number(version)}`,
    stays: 'stay here',
    moves: 'move along',
    leaves: 'leave',
    leavesBecause: (because: string) => `leave: ${because}`,
    waits: {
      atOnce: (count: number) => `${number(count)} ${count === 1 ? 'goes' : 'go'} on at once`,
      sooner: (count: number) => `${number(count)} ${count === 1 ? 'goes' : 'go'} on sooner`,
      later: (count: number) => `${number(count)} ${count === 1 ? 'goes' : 'go'} on later`,
      same: (count: number) => `${number(count)} ${count === 1 ? 'goes' : 'go'} on when they would have`,
    },
    andSo: (goes: string, waits: readonly string[]) => `${goes}; ${waits.join(', ')}`,
  },

  history: {
    title: (name: string) => `History of “${name}”`,
    versions: 'Versions',
    draft: 'Draft',
    version: (version: number) => `v${number(version)}`,
    current: 'Current',
    takenBack: 'Taken back',
    by: (key: string) => (key === 'by hand' ? 'by hand' : `by the key “${key}”`),
    none: {
      title: 'Nothing was published yet',
      text: 'Each version that you publish stands here: who published it, when, and what it changed.',
    },
    compared: (name: string) => `${name}, compared with`,
    with: 'Compare with',
    nothing: 'nothing, as it is the first',
    restore: (name: string) => `Restore ${name} as draft`,
    isDraft: 'This is what your draft says.',
    ask: (name: string, count: number) =>
      `Your draft has ${changes(count)} that ${are(count)} not published. ${name} takes its place. You can undo that, and your draft is kept in this browser.`,
    yes: 'Restore it',
    restored: (name: string) => `${name} is your draft now. Publish it to make it live.`,
  },

  undo: {
    live: (version: number) => `Live as v${number(version)}.`,
    paused: (version: number) => `Published as v${number(version)}, and paused.`,
    until: 'Nothing of it is sent before this minute is over.',
    seconds: (count: number) => `${number(count)} s`,
    undo: 'Undo publish',
    done: (version: number | null) =>
      version === null
        ? 'Taken back: this is a draft again.'
        : `Taken back: v${number(version)} is current again.`,
    returned: (count: number) => `${people(count)} ${are(count)} back where they were.`,
    left: (count: number) => `${people(count)} who had entered since ${count === 1 ? 'has' : 'have'} left.`,
    discarded: (count: number) => `${messages(count)} ${are(count)} not sent.`,
    points: (points: number, score: string, count: number) =>
      `${number(points)} points of ${score} that ${people(count)} got meanwhile stay given.`,
    draftKept: 'Your draft is as you left it.',
    failed: (detail: string | undefined) =>
      `It was not taken back. ${detail ?? 'The server does not answer.'}`,
  },

  underWay: {
    move: 'People inside are being moved to the new version.',
    leave: 'People inside are being led out.',
    letIn: 'Those who match already are being let in.',
    return: 'People are being put back where they were.',
  },

  states: {
    failed: (detail: string | undefined) =>
      `That did not work, and nothing was changed. ${detail ?? 'The server does not answer.'}`,
    pause: {
      label: 'Pause…',
      title: (name: string) => `Pause “${name}”?`,
      text: 'Everything is held: who would enter, waits that are over, and messages. Nobody is lost, and nothing is sent. When you resume you choose what happens to what fell due.',
      inside: (count: number) =>
        count === 0
          ? 'Nobody is inside now.'
          : `${people(count)} inside ${count === 1 ? 'stays' : 'stay'} where they are.`,
      yes: 'Pause',
    },
    resume: {
      label: 'Resume…',
      title: (name: string) => `Resume “${name}”?`,
      text: 'The journey goes on from where it was held.',
      stopped: 'The journey begins again: people can enter, and its steps run.',
      nothing: 'Nothing fell due in the meantime.',
      counts: ({
        waits,
        messages: due,
        entries,
      }: Readonly<Record<'waits' | 'messages' | 'entries', number>>) => {
        const parts = [
          ...(waits > 0 ? [`${people(waits)} whose wait is over`] : []),
          ...(due > 0 ? [`${messages(due)} asked for`] : []),
          ...(entries > 0 ? [`${people(entries)} who would have entered`] : []),
        ]
        return `In the meantime fell due: ${parts.join(', ')}.`
      },
      question: 'What happens to what fell due?',
      choices: {
        send: { name: 'All of it now', text: 'As fast as the limits allow.' },
        spread: {
          name: 'Spread over a day',
          text: 'Evenly over the next 24 hours, in the order it fell due.',
        },
        skip: {
          name: 'Skip it',
          text: 'Nothing of it is sent and nobody enters late. Waits that are over move on without a message; points count.',
        },
      },
      yes: 'Resume',
    },
    stop: {
      label: 'Stop…',
      title: (name: string) => `Stop “${name}”?`,
      text: 'Nobody enters any more.',
      nobody: 'Nobody is inside now.',
      question: (count: number) => `What happens to the ${people(count)} inside?`,
      choices: {
        finish: { name: 'They finish', text: 'Each goes on to the end, and still gets what is to come.' },
        leave: { name: 'They leave now', text: 'Nothing more is sent to them.' },
      },
      paused: 'Not while it is paused: resume it first, and choose what happens to what fell due.',
      yes: 'Stop',
    },
    archive: {
      label: 'Archive…',
      title: (name: string) => `Archive “${name}”?`,
      text: 'It is put out of sight: nobody enters any more. Its history stays, and you can take it back out.',
      leave: (count: number) =>
        `${people(count)} inside ${count === 1 ? 'leaves' : 'leave'} now, and nothing more is sent to them.`,
      draft: 'The draft is kept with it.',
      yes: 'Archive',
    },
    unarchive: {
      label: 'Take out of the archive…',
      title: (name: string) => `Take “${name}” out of the archive?`,
      text: 'It comes back as stopped: nobody enters before you resume or publish it.',
      draft: 'It comes back as a draft: nobody enters before you publish it.',
      yes: 'Take out',
    },
  },
} as const
