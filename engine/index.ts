/** Everything that server, editor and tests may use of the engine. */
export { advance, type Advanced, type AdvanceResult } from './advance.ts'
export * from './calendar.ts'
export { catalogueOf, machineOf, type Catalogue } from './catalogue.ts'
export {
  fieldInWords,
  holds,
  inWords,
  plain,
} from './conditions.ts'
export * from './consent.ts'
export * from './contact.ts'
export { countedAs } from './entry.ts'
export { fold, matches, newHistory, united, type History } from './history.ts'
export * from './journey.ts'
export * from './parse.ts'
export * from './problem.ts'
export { inPoints } from './scoring.ts'
export {
  simulate,
  type Happens,
  type Simulation,
} from './simulate.ts'
export * from './template.ts'
export { checkJourney, type Known } from './verify/index.ts'
