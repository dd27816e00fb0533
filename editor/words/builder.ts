/** Words of the builder: what is unfinished, why a command does nothing, and what was done. */
import type { StepKind } from '../../engine/index.ts'
import type { RefusalReason } from '../builder/document/commands.ts'

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
