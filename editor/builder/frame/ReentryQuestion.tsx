/** Asks how often somebody may enter, the moment a journey that counted every time begins to wait or to write. */
import { Paper, Text, UnstyledButton } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { REENTRY_POLICIES, type ReentryPolicy } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { setPolicy } from '../document/frameCommands.ts'
import { useBuild } from '../state/context.tsx'
import styles from './Frame.module.css'
import { asksReentry, stillAsksReentry } from './reentry.ts'

const say = words.forms.reentry

/** Whether the question stands, and its answer. */
export function useReentryQuestion(): {
  readonly isAsked: boolean
  readonly answer: (policy: ReentryPolicy) => void
} {
  const builder = useBuild()
  const [isAsked, setAsked] = useState(false)
  useEffect(() => {
    let before = builder.get().history.present
    return builder.subscribe(() => {
      const { present } = builder.get().history
      if (present === before) return
      const asks = asksReentry(before, present)
      before = present
      if (asks) {
        setAsked(true)
        builder.say(say.ask)
      } else if (!stillAsksReentry(present)) setAsked(false)
    })
  }, [builder])
  return {
    isAsked,
    answer: (policy) => {
      builder.apply(setPolicy(policy), {
        say: say.answered(say.policies[policy].title),
      })
      setAsked(false)
    },
  }
}

export function ReentryQuestion({ answer }: { readonly answer: (policy: ReentryPolicy) => void }) {
  return (
    <Paper className={styles['question'] ?? ''} role="region" aria-label={say.ask}>
      <Text size="sm" fw={600}>
        <IconRepeat size={16} aria-hidden /> {say.ask}
      </Text>
      <Text size="sm">{say.why}</Text>
      <ul className={styles['answers']}>
        {REENTRY_POLICIES.map((policy) => (
          <li key={policy}>
            <UnstyledButton className={styles['answer'] ?? ''} onClick={() => answer(policy)}>
              <b>{say.policies[policy].title}</b>
              <small>{say.policies[policy].text}</small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Paper>
  )
}
