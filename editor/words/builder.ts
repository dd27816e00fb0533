/** Words of the builder: what is unfinished, why a command does nothing, and what was done. */
import type { StepKind } from '../../engine/index.ts'
import type { RefusalReason } from '../builder/document/commands.ts'
import type { Group } from '../builder/steps/looks.ts'

export const builder = {
  unfinishedCondition: 'Nothing is chosen yet',
  /** What a card says as long as its step cannot be carried out. */
  unfinished: {
    update: 'Say what changes, and by how much',
    condition: 'Say who goes which way',
    split: 'Say how many go each way',
    wait: 'Say how long to wait',
    waitFor: 'Say what to wait for, and how long',
    decay: 'Say how many points, and after how long',
    addToList: 'Choose a list',
    removeFromList: 'Choose a list',
    moveToList: 'Choose a list',
    email: 'Write the e-mail',
    sms: 'Write the SMS',
    webhook: 'Say which address to call',
    notify: 'Say whom to tell, and what',
    stage: 'Choose a stage',
    startJourney: 'Choose a journey',
    leave: 'Leaves this journey here',
    end: 'The journey ends here',
  } satisfies Record<StepKind, string>,
  /** What each kind of step is good for, in one line. */
  kinds: {
    update: 'Gives or takes points, or changes what is known of a person',
    condition: 'Some go one way, everyone else another',
    split: 'Chance decides who goes which way, or who is held out',
    wait: 'For some time, or until a time of day, a weekday or a date',
    waitFor: 'A click, an event, a condition; and how long at most',
    decay: 'Takes points away again and again as long as nothing happens',
    addToList: 'Puts people on a list',
    removeFromList: 'Takes people off a list',
    moveToList: 'Onto one list and off the others',
    email: 'Written here, or from a template',
    sms: 'A text message to the phone',
    webhook: 'Tells another system, and may keep its answer',
    notify: 'An e-mail to colleagues, or a call to a system of yours',
    stage: 'Awareness, engagement, consideration, acquisition, retention',
    startJourney: 'Lets people into another journey',
    leave: 'Ends the journey for whoever comes here',
    end: 'The way ends here; what followed goes',
  } satisfies Record<StepKind, string>,
  groups: {
    trigger: 'Who enters',
    score: 'Score',
    choice: 'Choice',
    time: 'Time',
    list: 'Lists',
    message: 'Messages',
    journey: 'Journey',
    end: 'End',
  } satisfies Record<Group, string>,
  refusals: {
    gone: 'That is not there any more.',
    nothing_follows: 'Nothing can follow this step, so it can only stand at the end of a way.',
    ends_already: 'The journey ends here already.',
    which_branch: 'Several ways go on from here. Say which of them stays.',
    two_branches: 'At least two ways have to be left.',
    last_branch: '“Everyone else” stays, and stays the last.',
    too_many_branches: 'There are as many ways already as anybody can follow.',
    leads_to_itself: 'A step cannot lead straight back to itself.',
    no_steps: 'There are no steps of a journey in what was copied.',
  } satisfies Record<RefusalReason, string>,
} as const
