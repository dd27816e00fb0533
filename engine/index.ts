/** Everything that server, editor and tests may use of the engine. */
export { advance, type Advanced, type AdvanceResult, type Failed } from './advance.ts'
export * from './already.ts'
export * from './asking.ts'
export * from './calendar.ts'
export { catalogueOf, machineOf, scoresOf, type Catalogue, type JourneyTime } from './catalogue.ts'
export * from './changes.ts'
export { holds } from './conditions.ts'
export { inWords } from './conditionWords.ts'
export * from './consent.ts'
export * from './contact.ts'
export * from './delays.ts'
export { problemsOf } from './drafts.ts'
export { valueAt, withValueAt } from './json.ts'
export * from './dues.ts'
export { countedAs } from './entry.ts'
export { fold, matches, newHistory, united, type History } from './history.ts'
export {
  ATTRIBUTE_NAME,
  ID,
  INTERNAL_EVENTS,
  TRIGGER_TARGET,
  eventNameFault,
  nameFault,
  isReservedEvent,
  stepIdFault,
} from './dialect/names.ts'
export {
  type Condition,
  COUNT_OPERATORS,
  type CountOperator,
  MESSAGE_FACTS,
  type MessageFact,
  type Operator,
} from './dialect/conditions.ts'
export {
  type Action,
  type Amount,
  type Cap,
  type EmailParams,
  MESSAGE_TYPES,
  type MessageType,
  type NotifyParams,
  type SmsParams,
  type UpdateParams,
  type WebhookParams,
  WEBHOOK_METHODS,
  emailsOf,
} from './dialect/actions.ts'
export { type Block, MAX_BLOCKS, type MailContent } from './dialect/mail.ts'
export {
  type Branch,
  MAX_BRANCHES,
  MAX_LABEL,
  STEP_KINDS,
  type Step,
  type StepKind,
  type Way,
} from './dialect/steps.ts'
export {
  type Journey,
  type JourneyMeta,
  REENTRY_POLICIES,
  type ReentryPolicy,
  type Trigger,
  journeySchema,
} from './journey.ts'
export {
  OUTLETS,
  type Outlet,
  againOf,
  branchesOf,
  channelOf,
  firstStepOf,
  kindOf,
  messageTypeOf,
  outletsOf,
  partsOf,
  reentryOf,
  sends,
  stepsOf,
  triggersOf,
  waysOf,
  whenOf,
} from './reading.ts'
export type { Outside } from './facts.ts'
export { addressFault, isPrivateAddress } from './addresses.ts'
export { mailSources } from './mail.ts'
export { fieldInWords, plain } from './names.ts'
export * from './needs.ts'
export * from './parse.ts'
export { printJourney } from './print.ts'
export * from './problem.ts'
export { inPoints } from './scoring.ts'
export { MOST_SEGMENTS, SMS_ROOM, smsLengthOf, type SmsLength } from './smsLength.ts'
export { shareInWords, shareName } from './split.ts'
export { isSoundCondition, isSoundStep, isSoundTrigger } from './sound.ts'
export {
  simulate,
  type Asked,
  type Happens,
  type Simulation,
} from './simulate.ts'
export * from './template.ts'
export { zoneOf } from './world.ts'
export { checkJourney, type Known } from './verify/index.ts'
export { checkMessage } from './verify/mails.ts'
export { segmentsNamed } from './verify/names.ts'
