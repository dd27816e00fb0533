/** Where words of a text lead. */
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { addressFault } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { TextMenu } from './TextMenu.tsx'

const say = words.mail.blocks

interface Asked {
  /** What was selected; null: nobody asks. */
  readonly words: string | null
  readonly onClose: () => void
  readonly onPut: (text: string, url: string) => void
}

export function LinkMenu({ children, ...asked }: Asked & { readonly children: ReactNode }) {
  const { words: selected, onClose } = asked
  return (
    <TextMenu content={selected === null ? null : <LinkForm {...asked} words={selected} />} onClose={onClose}>
      {children}
    </TextMenu>
  )
}

function LinkForm({ words: selected, onClose, onPut }: Asked & { readonly words: string }) {
  const [text, setText] = useState(selected)
  const [url, setUrl] = useState('')
  const [isAsked, setAsked] = useState(false)
  const isRight = addressFault(url) === undefined
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight) onPut(text === '' ? url : text, url)
        else setAsked(true)
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <Stack gap="sm">
        <TextInput
          size="sm"
          dir="auto"
          label={say.linkWords}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          data-autofocus
          size="sm"
          type="url"
          dir="ltr"
          label={say.linkTitle}
          placeholder={say.urlPlaceholder}
          value={url}
          {...(isAsked && !isRight ? { error: words.mail.problems['bad_address'] } : {})}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button size="compact-sm" type="submit">
            {say.linkInsert}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
