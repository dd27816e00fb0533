/** Words for how journeys come to be: the gallery, the list of journeys, copies and files. */
import { number } from './say.ts'

const journeys = (count: number) => `${number(count)} ${count === 1 ? 'journey' : 'journeys'}`

export const gallery = {
  title: 'New journey',
  lead: 'Begin with one that works: it is copied as a draft, and nobody enters before you publish it.',
  back: 'Journeys',
  use: 'Use this one',
  useNamed: (name: string) => `Use “${name}”`,
  drawingOf: (name: string) => `Drawing of “${name}”`,
  points: 'Points',
  needs: 'What it needs',
  events: 'Events',
  noEvents: 'No events from outside',
  received: 'received',
  notReceived: 'not yet',
  notReceivedTitle: 'Nobody has sent this event yet',
  lists: 'Lists',
  willMake: 'new',
  willMakeTitle: 'This list is made when you publish',
  mails: 'E-mails',
  there: 'You have this one already. Using it makes a copy.',
  blank: {
    button: 'Start blank',
    title: 'Start with an empty page',
    name: 'What is it called?',
    placeholder: 'Welcome for new customers',
    create: 'Create',
    cancel: 'Not now',
  },
  all: {
    title: 'All of the article’s model',
    text: (count: number) =>
      `The ${journeys(count)} belong together: points for each stage, the bands, the escape after 30 quiet days, and the e-mails in between. What you have already stays as it is.`,
    button: 'Install all as drafts',
    done: (made: number, skipped: number) =>
      [
        made === 0 ? 'Nothing was missing.' : `${journeys(made)} installed as drafts.`,
        ...(skipped === 0
          ? []
          : [
              `${journeys(skipped)} ${skipped === 1 ? 'was' : 'were'} there already and ${skipped === 1 ? 'stays' : 'stay'} as ${skipped === 1 ? 'it is' : 'they are'}.`,
            ]),
      ].join(' '),
    see: 'Show my journeys',
  },
  failed: 'That did not work, and nothing was made. Try again?',
  copyOf: (name: string) => `${name} (copy)`,

  list: {
    create: 'New journey',
    import: 'Import a file',
    search: 'Search a journey',
    noMatch: { title: 'No journey of that name', text: (search: string) => `None is called “${search}”.` },
    noMatchClear: 'Show all journeys',
    archived: (count: number) => `Archived (${number(count)})`,
    archivedTitle: 'Archived journeys',
    archivedLead: 'Put away, with all their history. Taken out again, they can be published anew.',
    noArchived: {
      title: 'Nothing is archived',
      text: 'What you archive stands here, until you take it out again.',
    },
    current: 'Back to the journeys in use',
    menu: (name: string) => `What can be done with “${name}”`,
    duplicate: 'Duplicate',
    exportFile: 'Export the file',
    archive: 'Archive…',
    unarchive: 'Take out of the archive…',
    delete: 'Delete…',
    empty: {
      title: 'No journeys yet',
      text: 'Choose one from the gallery, or begin with an empty page.',
    },
  },

  remove: {
    title: (name: string) => `Delete “${name}”?`,
    text: 'It was never published, so nobody was ever in it.',
    yes: 'Delete',
    no: 'Not now',
    done: (name: string) => `“${name}” is deleted.`,
    undo: 'Undo',
    changed: 'It was changed meanwhile. Look at it again first.',
  },

  file: {
    exportFile: 'Export the file',
    replace: 'Replace by a file…',
    duplicate: 'Duplicate',
    discard: 'Discard the draft…',
  },
  import: {
    title: 'Import a journey',
    replaceTitle: (name: string) => `Replace the draft of “${name}” by a file`,
    lead: 'A journey file, as the export makes it.',
    choose: 'Choose a file',
    paste: 'or paste its text here',
    found: (name: string) => `This is “${name}”.`,
    unnamed: 'This journey has no name.',
    notReadable: 'This is no journey file:',
    noObject: 'A journey file is one object in curly brackets.',
    notDrawn:
      'It cannot be drawn yet. Import it as a new journey to mend it as text, or mend the file first.',
    problems: (errors: number, warnings: number) =>
      `${number(errors)} ${errors === 1 ? 'error' : 'errors'}${warnings === 0 ? '' : ` and ${number(warnings)} ${warnings === 1 ? 'warning' : 'warnings'}`}, which can be mended afterwards:`,
    more: (count: number) => `and ${number(count)} more`,
    otherId: (id: string) => `The file calls itself “${id}”. Here it takes the place of this draft.`,
    taken: (id: string) => `There is a journey “${id}” already. Give this one another id:`,
    id: 'Id',
    idFault: 'A small letter, then letters, digits, “_” or “-”, 64 at most',
    yes: 'Import',
    replaceYes: 'Replace the draft',
    no: 'Not now',
  },
  discard: {
    title: 'Back to what is published?',
    text: (changes: number) =>
      `${number(changes)} ${changes === 1 ? 'change goes' : 'changes go'} away. As long as this page is open, undoing brings ${changes === 1 ? 'it' : 'them'} back; the draft also stays in this browser until you dismiss it.`,
    yes: 'Discard the draft',
    no: 'Not now',
    failed: 'The draft could not be discarded. It is as it was.',
  },
} as const
