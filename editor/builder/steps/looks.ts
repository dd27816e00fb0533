/** How each kind of step looks: its group gives the colour, the kind the icon. One typed entry per kind. */
import {
  IconArrowsShuffle,
  IconArrowsSplit2,
  IconBell,
  IconBolt,
  IconClick,
  IconDoorExit,
  IconDots,
  IconFlag,
  IconForms,
  IconGauge,
  IconHandClick,
  IconHourglass,
  IconListCheck,
  IconMail,
  IconMailPlus,
  IconMessage,
  IconMoonStars,
  IconPlayerPlay,
  IconPlaylistAdd,
  IconPlaylistX,
  IconPlusMinus,
  IconProgressCheck,
  IconShoppingBag,
  IconTransfer,
  IconWebhook,
  IconWorld,
  type Icon,
} from '@tabler/icons-react'
import type { StepKind } from '../../../engine/index.ts'
import type { Starter } from '../document/newTrigger.ts'

/** Groups of kinds, as the palette will sort them; each has one of the theme's colours. */
export const GROUPS = {
  trigger: 'tide',
  score: 'teal',
  choice: 'violet',
  time: 'orange',
  list: 'blue',
  message: 'pink',
  journey: 'indigo',
  end: 'gray',
} as const
export type Group = keyof typeof GROUPS

interface Look {
  readonly icon: Icon
  readonly group: Group
}

export const LOOKS: { readonly [Kind in StepKind]: Look } = {
  update: { icon: IconPlusMinus, group: 'score' },
  condition: { icon: IconArrowsSplit2, group: 'choice' },
  split: { icon: IconArrowsShuffle, group: 'choice' },
  wait: { icon: IconHourglass, group: 'time' },
  waitFor: { icon: IconListCheck, group: 'time' },
  decay: { icon: IconMoonStars, group: 'score' },
  addToList: { icon: IconPlaylistAdd, group: 'list' },
  removeFromList: { icon: IconPlaylistX, group: 'list' },
  moveToList: { icon: IconTransfer, group: 'list' },
  email: { icon: IconMail, group: 'message' },
  sms: { icon: IconMessage, group: 'message' },
  webhook: { icon: IconWebhook, group: 'message' },
  notify: { icon: IconBell, group: 'message' },
  stage: { icon: IconProgressCheck, group: 'journey' },
  startJourney: { icon: IconPlayerPlay, group: 'journey' },
  leave: { icon: IconDoorExit, group: 'end' },
  end: { icon: IconFlag, group: 'end' },
}

export const TRIGGER_LOOK: Look = { icon: IconBolt, group: 'trigger' }

export const STARTER_ICONS: { readonly [Each in Starter]: Icon } = {
  signUp: IconMailPlus,
  form: IconForms,
  page: IconWorld,
  click: IconClick,
  score: IconGauge,
  list: IconPlaylistAdd,
  purchase: IconShoppingBag,
  byHand: IconHandClick,
  other: IconDots,
}
