/** Everything that server, editor and tests may use of the engine. */
export { advance, type Advanced, type AdvanceInput, type AdvanceResult } from './advance.ts'
export * from './calendar.ts'
export { catalogueOf, machineOf, scoresOf, type Catalogue, type PublishedJourney } from './catalogue.ts'
export {
  because,
  explain,
  fieldInWords,
  holds,
  inWords,
  plain,
  type Explanation,
} from './conditions.ts'
export * from './consent.ts'
export * from './contact.ts'
export { countedAs } from './entry.ts'
export type { View } from './facts.ts'
export { fold, matches, newHistory, united, type Folded, type History } from './history.ts'
export * from './journey.ts'
export * from './parse.ts'
export * from './problem.ts'
export { hundredths, inPoints } from './scoring.ts'
export {
  simulate,
  type Happens,
  type SentMessage,
  type SimulateInput,
  type Simulation,
} from './simulate.ts'
export * from './template.ts'
export { checkJourney, type Known } from './verify/index.ts'
