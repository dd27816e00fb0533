/** Words for publishing: the bar at the top of a journey, its states, and what changes with each of them. */
import { number } from './say.ts'

const changes = (count: number) => `${number(count)} ${count === 1 ? 'change' : 'changes'}`

export const publish = {
  bar: {
    tools: 'Tools for this journey',
    counts: 'People in this journey',
    rename: 'Rename the journey',
    name: 'Name of the journey',
    undo: 'Undo',
    redo: 'Redo',
    nothingToUndo: 'Nothing to undo yet',
    nothingToRedo: 'Nothing to redo',
    more: 'More',
    unpublished: (count: number) => `${changes(count)} not published`,
    problems: (errors: number, warnings: number) =>
      [
        ...(errors > 0 ? [`${number(errors)} ${errors === 1 ? 'error' : 'errors'}`] : []),
        ...(warnings > 0 ? [`${number(warnings)} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
      ].join(' · '),
    noProblems: 'No problems',
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
} as const
