/** Words of what is wrong with a journey: how it is counted and listed, and what its mending buttons say. */
import { number } from './say.ts'

export const checking = {
  count: (errors: number, warnings: number) =>
    [
      ...(errors > 0 ? [`${number(errors)} ${errors === 1 ? 'error' : 'errors'}`] : []),
      ...(warnings > 0 ? [`${number(warnings)} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
    ].join(' · '),
  none: 'No problems',
  /** A step that is being filled in for the first time is not blamed yet. */
  filling: 'Still being filled in',
  panel: 'Problems of this journey',
  lead: (errors: number) =>
    errors > 0
      ? 'Errors have to be mended before this can be published. Warnings are to be read.'
      : 'This can be published. Warnings are to be read first.',
  severity: { error: 'Error', warning: 'Warning' },
  whole: 'The journey as a whole',
  ofStep: 'Problems here',
  mended: (label: string) => `Done: ${label}`,

  mends: {
    insertWait: 'Insert a wait of 1 day',
    waitAnHour: 'Wait an hour',
    waitADayFirst: 'Wait a day first',
    goOnAfter: 'Go on after 7 days',
    leadHere: (from: string) => `Lead here after: ${from}`,
    remove: 'Take it out',
    removeAll: (count: number) => `Take out these ${number(count)} steps`,
    removeWay: 'Take this way out',
    removeTrigger: 'Take this way in out',
    onlyOnce: 'Let everybody in only once',
    again: 'Let in again after leaving',
    use: (name: string) => `Use “${name}”`,
    listenTo: (event: string) => `Listen to “${event}”`,
    sayInstead: 'Say “there” instead',
    leaveTo: (journey: string) => `Leave it to “${journey}”`,
    alsoFromGoal: (step: string) => `Go on with “${step}” from the goal, too`,
    keepNot: (attribute: string) => `Do not keep ${attribute}`,
    atMost: 'Send it at most 3 times',
    repeat: 'Let it repeat',
    endHere: 'End here',
    forEverybody: 'Let everybody in',
    withoutTime: 'Take the time out',
    openFor: 'Open it for 8 hours',
    closeGap: 'Close the gap',
    partOverlap: 'Keep them apart',
    move: (lists: number) => (lists === 1 ? 'Move from there instead' : 'Move from them instead'),
    onlySecond: 'Keep only the second',
    everyoneElse: 'Add “Everyone else”',
    equalShares: 'Make the shares equal',
  },
} as const
