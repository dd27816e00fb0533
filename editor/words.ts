/**
 * Every word of the page, in one place, so that it can be read, mended and translated without reading code. Sentences
 * that carry values are functions. Words for conditions, durations and steps' kinds come from the engine.
 */
import { INTERNAL_EVENTS, plain, type ReentryPolicy, type Stage } from '../engine/index.ts'
import { builder } from './words/builder.ts'
import { canvas } from './words/canvas.ts'
import { commands } from './words/commands.ts'
import { conditions } from './words/conditions.ts'
import { forms } from './words/forms.ts'
import { gallery } from './words/gallery.ts'
import { chosenLanguage, spoken } from './words/language.ts'
import { mail } from './words/mail.ts'
import { checking } from './words/problems.ts'
import { publish } from './words/publish.ts'
import { saving } from './words/saving.ts'
import { lower, number, people, upper } from './words/say.ts'

const english = {
  builder,
  canvas,
  commands,
  publish,
  saving,
  gallery,
  forms,
  checking,
  conditions,
  mail,
  product: 'Tidemark',
  pages: { journeys: 'Journeys', contacts: 'Contacts', mailbox: 'Mailbox', problems: 'Problems' },

  shell: {
    navigation: 'Pages',
    openMenu: 'Open the menu',
    closeMenu: 'Close the menu',
    skip: 'Skip to the content',
    toLight: 'Switch to light',
    toDark: 'Switch to dark',
    signOut: 'Sign out',
    openProblems: (count: number) => `${number(count)} open`,
  },

  sending: {
    captured: {
      title: 'Kept here',
      why: 'No mail server is set up, so every message is kept here and not sent.',
    },
    sandbox: {
      title: (day: string) => `Sandbox ${day}`,
      why: (date: string) => `The clock here says ${date}, and no message ever leaves.`,
    },
    live: { title: 'Live', why: 'Messages go out to real people.' },
    stopped: {
      title: 'Stopped',
      why: (since: string) => `Nothing leaves since ${since}. Nothing is lost: what is due waits here.`,
    },
    stop: {
      label: 'Stop all sending',
      ask: 'Stop e-mails, SMS, webhooks and notices now? Journeys go on, and what they send waits here.',
      yes: 'Stop now',
    },
    start: {
      label: 'Start sending again',
      ask: 'Start again? What waited goes out now, as fast as the limits allow.',
      yes: 'Start now',
    },
    held: (count: number) =>
      count === 1
        ? 'One message is held back until somebody lets it go.'
        : `${number(count)} messages are held back until somebody lets them go.`,
    unknown: { title: 'Looking up…', why: '' },
    lost: {
      title: 'No connection',
      why: 'The server does not answer. What you see may be old; trying again.',
    },
    more: 'What does this mean?',
  },

  signIn: {
    title: 'Come on in',
    intro:
      'This page opens with a link that works once. Print a fresh one on the machine where Tidemark runs:',
    next: 'Then open the printed address here. You stay signed in for 30 days.',
    working: 'Signing you in…',
    refused: 'That link was used already, is too old or was cut short. A new one takes a second:',
  },

  failure: {
    title: 'This could not be loaded',
    offline: 'The server does not answer. Is it running?',
    unknown: 'Something went wrong on the server.',
    retry: 'Try again',
    notDone: 'That did not work, and nothing was changed. Try again?',
    crashed: 'The page stumbled over something it did not expect. Reloading usually helps.',
    reload: 'Reload the page',
  },
  notFound: { title: 'There is nothing here', text: 'The address may be old.', back: 'To the journeys' },

  copy: { copy: 'Copy', copied: 'Copied' },
  more: 'Show more',
  notNow: 'Not now',
  dismiss: 'Dismiss',
  close: 'Close',
  loading: 'Loading',
  dash: '–',
  never: 'never',
  justNow: 'just now',

  stages: {
    awareness: { name: 'Awareness', text: 'First contact: they learn that you exist.' },
    engagement: { name: 'Engagement', text: 'They read, click and come back.' },
    consideration: { name: 'Consideration', text: 'They weigh you against others.' },
    acquisition: { name: 'Acquisition', text: 'They buy.' },
    retention: { name: 'Retention', text: 'They stay.' },
  } satisfies Record<Stage, { name: string; text: string }>,
  everyStage: { name: 'At every stage', text: 'Runs alongside the others, wherever someone stands.' },
  noStage: 'No stage yet',

  journeys: {
    lead: 'What happens to people, and why their score moves.',
    status: {
      live: (version: number | null) => (version === null ? 'Live' : `Live v${version}`),
      draft: () => 'Draft',
      paused: (version: number | null) => (version === null ? 'Paused' : `Paused v${version}`),
      stopped: () => 'Stopped',
      archived: () => 'Archived',
    },
    statusText: {
      live: 'People can enter, and its steps run.',
      draft: 'Not published yet: nobody can enter.',
      paused: 'Who would enter, waits and messages are held until it goes on. Nobody is lost.',
      stopped: 'Nobody enters any more. Those inside finish.',
      archived: 'Put away: nobody is inside, and nobody enters.',
    },
    inside: (count: number) => `${number(count)} inside`,
    enteredShort: (count: number) => `${number(count)} entered`,
    insideNow: 'Inside now',
    entered: 'Entered',
    finished: 'Went all the way',
    goal: 'Reached the goal',
    exited: 'Left early',
    sends: 'Sends messages',
    stats: {
      contacts: 'Contacts',
      inJourneys: 'People in journeys',
      captured: 'Messages kept here',
      sent: 'Messages sent',
      problems: 'Open problems',
    },
    back: 'Journeys',
    hows: { drawing: 'Drawing', both: 'Both', outline: 'Outline', code: 'Code' },
    outline: 'Outline',
    onlyRead: 'This window has room to read the journey. To change it, make the window wider, or zoom out.',
    how: 'How to show it',
    drawingOf: (name: string) => `Drawing of “${name}”. The outline says the same in words.`,
    nothingDrawn: {
      title: 'This draft cannot be drawn yet',
      text: 'Its file stands below, with what is wrong at its place. As soon as it is mended, the drawing appears.',
    },
    pausedBecause: (reason: string) => `Paused: ${reason}`,
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show everything',
  },

  entry: {
    title: 'Who enters',
    or: 'or',
    only: (condition: string) => `Only if ${lower(condition)}`,
    filtered: (event: string, filter: string) => `${event}, if ${lower(filter)}`,
    changes: (field: string) => `${field} changes`,
    joins: (list: string) => `Joins “${list}”`,
    leaves: (list: string) => `Leaves “${list}”`,
    entersSegment: (segment: string) => `Enters segment “${segment}”`,
    reaches: (stage: string) => `Moves on to ${stage}`,
    enters: (journey: string) => `Enters “${journey}”`,
    finishes: (journey: string) => `Finishes “${journey}”`,
    leavesSegment: (segment: string) => `Leaves segment “${segment}”`,
    everyDay: (time: string) => `Every day at ${time}`,
    everyWeekday: (days: string, time: string) => `Every ${days} at ${time}`,
    everyYear: (day: string) => `Every year ${day}`,
    /** Stands between the quotation marks of a list: Joins “Warm leads” or “Qualified leads”. */
    oneOf: (names: readonly string[]) => names.join('” or “'),
    goal: 'Goal',
    exit: 'Leaves early when',
    onGoal: 'When the goal is reached',
    onExit: 'On leaving early',
    nobody: 'Nothing starts it yet',
    noEvent: 'Not chosen yet',
    reentry: {
      once: 'Once, ever: a second time changes nothing.',
      afterExit: 'Again after leaving: whoever is still inside does not start a second time.',
      restart: 'Start over from the top: a second time ends the first passage.',
      parallel: 'Every time, side by side: each one counts.',
    } satisfies Record<ReentryPolicy, string>,
    perKey: (key: string) => `Counted apart for each ${key}.`,
    cooldown: (duration: string) => `Not again within ${duration}.`,
    max: (count: number) => `At most ${number(count)} ${count === 1 ? 'time' : 'times'} in all.`,
  },

  ways: {
    otherwise: 'Everyone else',
    notWithin: (duration: string) => `Not within ${duration}`,
    unknownWithin: (duration: string) => `Not known within ${duration}`,
    notBy: (moment: string) => `Not by ${moment}`,
    unknownBy: (moment: string) => `Not known by ${moment}`,
    again: (duration: string) => `Again after ${duration} more`,
    results: {
      message: { 'step.done': 'Sent', 'step.failed': 'Could not be sent' },
      webhook: { 'step.done': 'Answered', 'step.failed': 'Could not be called' },
    } as const,
    /** Outcomes of a step that go the same way. */
    either: (outcomes: readonly string[]) =>
      outcomes.map((outcome, at) => (at === 0 ? outcome : lower(outcome))).join(', or '),
    and: (event: string, condition: string) => `${event}, and ${lower(condition)}`,
    message: {
      sent: (mail: string) => `“${mail}” was sent`,
      delivered: (mail: string) => `“${mail}” was delivered`,
      opened: (mail: string) => `Opens “${mail}”`,
      clicked: (mail: string) => `Clicks in “${mail}”`,
      bounced: (mail: string) => `“${mail}” bounced`,
      failed: (mail: string) => `“${mail}” failed`,
    },
    continues: (to: string) => `Continues at “${to}”`,
    goesBack: (to: string) => `Back to “${to}”`,
    stays: 'Stays here, and the time begins again',
    nothingLeads: 'Nothing leads here',
    next: 'then',
  },

  steps: {
    changeAttribute: 'Change attribute',
    takePoints: 'Take points away',
    setPoints: 'Set points',
    points: (count: number) => `${number(count)} ${count === 1 ? 'point' : 'points'}`,
    adds: (what: string, score: string | null) => (score ? `Adds ${what} to ${score}` : `Adds ${what}`),
    takes: (what: string, score: string | null) =>
      score ? `Takes ${what} off ${score}` : `Takes ${what} off`,
    sets: (field: string, value: string) => `Sets ${field} to ${value}`,
    multiplies: (field: string, factor: number) => `Multiplies ${field} by ${number(factor)}`,
    clears: (field: string) => `Empties ${field}`,
    ofEvent: (property: string, times: number) =>
      times === 1 ? `the event’s ${property}` : `${number(times)} × the event’s ${property}`,
    timesShort: (times: number, property: string) =>
      times === 1 ? `+ ${property}` : `${number(times)} × ${property}`,
    cap: (points: number, per: string) => `at most ${number(points)} ${per}`,
    perDuration: (duration: string) => `in ${duration}`,
    perOne: {
      day: 'a day',
      hour: 'an hour',
      week: 'a week',
      month: 'a month',
      year: 'a year',
      minute: 'a minute',
    } as const,
    ever: 'ever',
    perEmails: (count: number) => `per ${number(count)} e-mails`,
    capKey: (key: string) => `for each ${key}`,
    cooldown: (duration: string) => `once in ${duration}`,
    floor: (points: number) => `never below ${number(points)}`,
    yes: 'yes',
    no: 'no',
    text: (value: string) => `“${value}”`,
    if: (condition: string) => `If ${lower(condition)}`,
    branches: (count: number) => `The first of ${number(count)} ways that fits`,
    waits: (duration: string) => `Waits ${duration}`,
    waitsUntilTime: (moment: string) => `Waits until ${moment}`,
    waitsForTime: (window: string) => `Waits for a time ${window}`,
    contactsTime: (sentence: string) => `${sentence}, contact’s time`,
    waitsUntil: (what: string, limit: string | null) => (limit ? `Until ${what}, ${limit}` : `Until ${what}`),
    atMost: (duration: string) => `for at most ${duration}`,
    until: (moment: string) => `at most until ${moment}`,
    decay: (change: string, duration: string, floor: string | null) =>
      `${change} for every ${duration} without activity${floor ? `, ${floor}` : ''}`,
    addToList: (list: string) => `Adds to “${list}”`,
    removeFromList: (list: string) => `Takes off “${list}”`,
    moveToList: (list: string) => `Moves to “${list}”`,
    moveFrom: (list: string, from: string) => `Moves to “${list}”, off ${from}`,
    lists: (count: number) => `${number(count)} other ${count === 1 ? 'list' : 'lists'}`,
    email: (subject: string) => `Sends “${subject}”`,
    sms: (text: string) => `Sends the SMS “${text}”`,
    webhook: (host: string) => `Calls “${host}”`,
    webhookKeeps: (call: string, fields: readonly string[]) => `${call}, keeps ${fields.join(', ')}`,
    notify: (address: string, others: number) =>
      others === 0 ? `Tells “${address}”` : `Tells “${address}” and ${people(others)} more`,
    notifyAt: (host: string) => `Tells the team at “${host}”`,
    andWaits: (sentence: string) => `${sentence} and waits for the result`,
    split: (count: number) => `One of ${number(count)} ways, drawn at random`,
    messageTypes: {
      promotional: 'promotional',
      newsletter: 'newsletter',
      transactional: 'transactional',
    } as const,
    stage: (stage: string) => `Moves on to ${stage}`,
    startJourney: (journey: string) => `Starts “${journey}”`,
    leave: 'Leaves this journey here',
    end: 'The journey ends here',
    or: (things: readonly string[]) => things.join(' or '),
    and: (things: readonly string[]) => things.join(', '),
    hereNow: (count: number) => `${people(count)} here now`,
    unread: 'This step cannot be read',
  },

  contacts: {
    lead: 'Everybody who is known, how warm they are, and why.',
    search: 'Search by name, address or id',
    anyList: 'Any list',
    list: 'List',
    columns: { contact: 'Contact', score: 'Score', stage: 'Stage', lists: 'Lists', active: 'Last active' },
    moreLists: (count: number) => `+${count}`,
    nameless: 'No name yet',
    empty: {
      title: 'Nobody is known yet',
      text: 'Contacts appear with their first event. Send one from a terminal, with the write key that the server printed at its first start:',
    },
    noMatch: {
      title: 'Nobody matches',
      text: (search: string) => `There is no contact for “${search}”.`,
      clear: 'Show everybody',
    },
    noneOnList: (list: string) => `Nobody is on “${list}” now.`,
    shown: (count: number, more: boolean) => `${number(count)}${more ? '+' : ''} shown`,
    back: 'Contacts',
    band: { none: 'No band yet' },
    score: 'Score',
    scores: 'Scores',
    stage: 'Stage',
    lists: 'Lists',
    noLists: 'On no list',
    consents: { email: 'E-mail consent', sms: 'SMS consent', profiling: 'Profiling consent' } as const,
    consentStatus: {
      subscribed: 'Subscribed',
      unsubscribed: 'Unsubscribed',
      unknown: 'Never asked',
    } as const,
    unreachable: {
      name: 'E-mail',
      bounced: 'The address bounced: nothing is sent to it any more.',
      complained: 'Complained about a message: nothing is sent any more.',
    },
    consentSource: (source: string) => `by ${source}`,
    known: 'Known since',
    active: 'Last active',
    company: 'Company',
    about: 'About',
    sections: 'About this person',
  },

  history: {
    title: 'Score history',
    when: 'When',
    change: 'Change',
    score: 'Score',
    reason: 'Why',
    byHand: 'By hand',
    empty: {
      title: 'No points yet',
      text: 'The history begins with the first change of the score, each with its reason.',
    },
    chart: (name: string, from: number, to: number, count: number) =>
      `${name} went from ${number(from)} to ${number(to)} in ${number(count)} ${count === 1 ? 'change' : 'changes'}.`,
    version: (version: number | null) => (version === null ? '' : `v${version}`),
  },

  passages: {
    title: 'Journeys',
    empty:
      'In no journey so far. As soon as an event lets this person in, it stands here with the step they are at.',
    visits: (count: number) => `${number(count)} visits`,
    at: (step: string) => `at “${step}”`,
    since: 'Entered',
    due: 'Goes on',
    waits: 'Waits for something to happen',
    ended: 'Ended',
    outcomes: {
      finished: 'Went all the way',
      goal: 'Reached the goal',
      exit: 'Left early',
      restarted: 'Started over',
      merged: 'Joined with another',
      left: 'Left',
    } as Readonly<Record<string, string>>,
  },

  timeline: {
    title: 'What happened',
    late: 'told later',
    notEntered: (count: number) =>
      `Why ${number(count)} ${count === 1 ? 'journey' : 'journeys'} did not start`,
    kinds: {
      event: 'Event',
      identify: 'Details were told',
      wake: 'A wait was over',
      message: 'Message',
      score: 'Score changed by hand',
      consent: 'Consent changed',
      merge: 'United with another contact',
      due: 'A time has come',
      look: 'Segments were looked at again',
      admit: 'Tried to enter a journey',
      enter: 'Put into a journey',
      leave: 'Taken out of a journey',
      move: 'Moved to a new version',
    } as Readonly<Record<string, string>>,
    empty: { title: 'Nothing happened yet', text: 'Every event stands here with what came of it, and why.' },
  },

  mailbox: {
    lead: (live: boolean) =>
      live
        ? 'Messages that were kept here instead of being sent.'
        : 'Every message as the person would have received it. Nothing here was sent.',
    to: 'Search by address',
    list: 'Messages',
    empty: {
      title: 'No messages yet',
      text: 'As long as no mail server is set up, every message your journeys write lands here. Sign somebody up and the welcome mail appears:',
    },
    noMatch: {
      title: 'No message to that address',
      text: (address: string) => `Nothing was written to “${address}”.`,
      clear: 'Show all messages',
    },
    choose: { title: 'Choose a message', text: 'It opens here as the person would see it.' },
    views: { rendered: 'As received', text: 'Plain text', headers: 'Headers' } as const,
    desktop: 'Desktop',
    phone: 'Phone',
    width: 'Width',
    noSubject: 'No subject',
    channels: { email: 'E-mail', sms: 'SMS', webhook: 'Webhook', notice: 'Notice to the team' } as const,
    segments: (count: number) =>
      count === 1 ? 'Goes out as one SMS' : `Goes out as ${number(count)} SMS, joined on the phone`,
    about: 'About this person',
    noBody: 'This call carries no text.',
    noText: 'This message has no plain text part.',
    preview: (subject: string) => `The message “${subject}”`,
    header: 'Header',
    value: 'Value',
    toField: 'To',
    links: 'Links in this message',
    linksText: 'Opening one counts as a click of this person.',
    back: 'Mailbox',
  },

  problems: {
    lead: 'What needs a person to look at it.',
    severity: { error: 'Error', warning: 'Warning' } as const,
    times: (count: number) => (count === 1 ? 'once' : `${number(count)} times`),
    contact: 'Open the contact',
    newestContact: 'Open the newest contact',
    replay: {
      label: 'Try again',
      ask: 'Have it decided again, by the journeys as they are now?',
      yes: 'Try again',
    },
    discard: {
      label: 'Put aside',
      ask: 'Put aside for good? What happened stays in the history.',
      yes: 'Put aside',
    },
    release: {
      label: 'Let them go',
      ask: 'Send all that this journey holds now?',
      yes: 'Send them',
    },
    discardHeld: {
      label: 'Discard them',
      ask: 'Discard all that this journey holds? They are never sent, and the people go on.',
      yes: 'Discard them',
    },
    empty: {
      title: 'All is well',
      text: 'Every event was handled, and every message found its way. Should something go wrong, it stands here in plain words.',
    },
    titles: {
      identity_conflict: 'Two people, one address',
      cascade_failed: 'An event could not be handled',
      message_uncertain: 'We do not know whether a message arrived',
      message_failed: 'A message could not be sent',
      journey_paused: 'A journey was paused',
      messages_held: 'Messages are held back',
      wake_failed: 'A waiting person could not be moved on',
      time_failed: 'What was due could not be done for a person',
      source_shape: 'A webhook could not be read',
    } as Readonly<Record<string, string>>,
  },
} as const

/** Every word, in the language that was chosen. */
export const words = spoken(english, chosenLanguage())

/** The name of an event as people say it: one of ours by our words, a client's by its own. */
export function eventInWords(event: string): string {
  if (event === '') return words.entry.noEvent
  return Object.hasOwn(INTERNAL_EVENTS, event)
    ? INTERNAL_EVENTS[event as keyof typeof INTERNAL_EVENTS]
    : upper(plain(event))
}

/** What an entry of the timeline is called: an event by its name, all else by what it is and the words that came along. */
export function nameOfEvent(kind: string, name: string): string {
  if (kind === 'event') return eventInWords(name)
  const said = words.timeline.kinds[kind] ?? upper(kind)
  return name === '' || name === kind
    ? said
    : upper(Object.hasOwn(INTERNAL_EVENTS, name) ? eventInWords(name) : name)
}
