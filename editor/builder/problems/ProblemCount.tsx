/** How many problems there are, beside Publish; opens the list of them. */
import { Popover, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconPencil } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import styles from './Problems.module.css'
import { ProblemsPanel } from './ProblemsPanel.tsx'
import { useTold } from './told.tsx'

interface Opened {
  readonly opened: boolean
  readonly onChange: (opened: boolean) => void
}

/** Of a journey that is open for editing: each problem leads to its card, and has the buttons that mend it. */
export function ProblemCount(opened: Opened) {
  const { told, quiet } = useTold()
  return (
    <Count problems={told} quiet={quiet} {...opened}>
      <ProblemsPanel problems={told} onSelect={() => opened.onChange(false)} />
    </Count>
  )
}

/** Of a journey that can only be looked at. */
export function PlainProblemCount({ problems }: { readonly problems: readonly JourneyProblem[] }) {
  const [opened, onChange] = useState(false)
  return (
    <Count problems={problems} quiet={false} opened={opened} onChange={onChange}>
      <ul className={styles['list']}>
        {problems.map(({ severity, code, path, detail }) => (
          <li key={`${code} ${path} ${detail}`} className={styles['line']} data-severity={severity}>
            <VisuallyHidden>{words.checking.severity[severity]}: </VisuallyHidden>
            <Text size="sm" span dir="auto">
              {upper(detail)}
            </Text>
          </li>
        ))}
      </ul>
    </Count>
  )
}

function Count({
  problems,
  quiet,
  opened,
  onChange,
  children,
}: Opened & {
  readonly problems: readonly JourneyProblem[]
  /** Whether some are not told yet. */
  readonly quiet: boolean
  readonly children: ReactNode
}) {
  if (problems.length === 0)
    return (
      <span className={styles['fine']}>
        {quiet ? <IconPencil size={16} aria-hidden /> : <IconCheck size={16} aria-hidden />}
        {quiet ? words.checking.filling : words.checking.none}
      </span>
    )
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return (
    <Popover
      width={440}
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      opened={opened}
      onChange={onChange}
    >
      <Popover.Target>
        <UnstyledButton
          className={styles['count'] ?? ''}
          data-severity={errors > 0 ? 'error' : 'warning'}
          onClick={() => onChange(!opened)}
        >
          <IconAlertTriangle size={16} aria-hidden />
          {words.checking.count(errors, problems.length - errors)}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 24px)">{children}</Popover.Dropdown>
    </Popover>
  )
}
