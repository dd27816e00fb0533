/** The name of the open journey, changed in its place. */
import { ActionIcon, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { MAX_LABEL } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { setMeta } from '../document/frameCommands.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import styles from './Publish.module.css'

export function JourneyName() {
  const { meta } = useDraft()
  const { apply } = useBuild()
  const [typed, setTyped] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  // At first, and when the field goes that had the focus.
  const isFocused = useRef(true)
  useEffect(() => {
    if (typed === null && isFocused.current) heading.current?.focus({ preventScroll: true })
    isFocused.current = false
  }, [typed])

  const settle = (name: string | null) => {
    const said = name?.trim() ?? ''
    if (said !== '' && said !== meta.name) apply(setMeta({ name: said }))
    setTyped(null)
  }
  if (typed === null)
    return (
      <div className={styles['name']}>
        <h1
          ref={heading}
          tabIndex={-1}
          dir="auto"
          title={meta.name}
          onDoubleClick={() => setTyped(meta.name)}
        >
          {meta.name}
        </h1>
        <ActionIcon
          className={styles['rename'] ?? ''}
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={words.publish.bar.rename}
          onClick={() => setTyped(meta.name)}
        >
          <IconPencil size={15} aria-hidden />
        </ActionIcon>
      </div>
    )
  return (
    <TextInput
      className={styles['naming'] ?? ''}
      size="sm"
      dir="auto"
      autoFocus
      maxLength={MAX_LABEL}
      aria-label={words.publish.bar.name}
      value={typed}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={() => settle(typed)}
      onKeyDown={({ key }) => {
        if (key !== 'Enter' && key !== 'Escape') return
        isFocused.current = true
        settle(key === 'Enter' ? typed : null)
      }}
    />
  )
}
