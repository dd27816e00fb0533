/** Which field to put into a text, and what stands there for somebody who has none: that has to be said. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconTextPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Picker } from '../../parts/Picker.tsx'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import { fieldName, isSure, type Field, type FieldGroup } from './fields.ts'
import { TextMenu } from './TextMenu.tsx'

const say = words.mail.fields

export type FieldQuestion =
  | { readonly type: 'insert' }
  | { readonly type: 'change'; readonly piece: HTMLElement; readonly field: Field }

interface Asked {
  readonly groups: readonly FieldGroup[]
  readonly question: FieldQuestion | null
  readonly onClose: () => void
  /** Null: the field goes. */
  readonly onPut: (field: Field | null) => void
}

/** The button beside the text called `of`, and what it asks. */
export function FieldMenu({
  of,
  onAsk,
  ...asked
}: Asked & { readonly of: string; readonly onAsk: (question: FieldQuestion | null) => void }) {
  const { question, onClose } = asked
  return (
    <TextMenu
      content={question && <Menu key={question.type} {...asked} question={question} />}
      onClose={onClose}
    >
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        fw={500}
        px={5}
        aria-label={say.insertInto(of)}
        leftSection={<IconTextPlus size={14} aria-hidden />}
        onClick={() => onAsk(question === null ? { type: 'insert' } : null)}
      >
        {say.short}
      </Button>
    </TextMenu>
  )
}

function Menu({ groups, question, onClose, onPut }: Asked & { readonly question: FieldQuestion }) {
  const [chosen, setChosen] = useState<Field | null>(question.type === 'change' ? question.field : null)
  if (chosen !== null)
    return (
      <Fallback
        field={chosen}
        isNew={question.type === 'insert'}
        onBack={() => setChosen(null)}
        onPut={onPut}
        onClose={onClose}
      />
    )
  return (
    <Picker
      groups={groups.map(({ name, fields }) => ({
        name,
        choices: fields.map(({ name: id, label }) => ({ id, name: label })),
      }))}
      search={say.search}
      nothing={say.nothing}
      height={260}
      onCancel={onClose}
      onChoose={(name) =>
        isSure(name) ? onPut({ name, fallback: undefined }) : setChosen({ name, fallback: '' })
      }
    />
  )
}

function Fallback({
  field,
  isNew,
  onBack,
  onPut,
  onClose,
}: {
  readonly field: Field
  readonly isNew: boolean
  readonly onBack: () => void
  readonly onPut: (field: Field | null) => void
  readonly onClose: () => void
}) {
  const [fallback, setFallback] = useState(field.fallback ?? '')
  const [isAsked, setAsked] = useState(false)
  const needed = !isSure(field.name)
  const lacking = needed && fallback.trim() === ''
  const put = () =>
    lacking ? setAsked(true) : onPut({ name: field.name, fallback: needed ? fallback : undefined })
  return (
    <Stack
      gap="sm"
      component="form"
      onSubmit={(event) => {
        event.preventDefault()
        put()
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={650} dir="auto">
          {upper(fieldName(field.name))}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onBack}>
          {say.back}
        </Button>
      </Group>
      {needed && (
        <TextInput
          data-autofocus
          size="sm"
          dir="auto"
          label={say.fallback}
          description={say.fallbackHint}
          placeholder={say.fallbackPlaceholder}
          value={fallback}
          {...(isAsked && lacking ? { error: say.needed } : {})}
          onChange={(event) => setFallback(event.currentTarget.value)}
        />
      )}
      <Group gap="xs" justify="flex-end">
        {!isNew && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => onPut(null)}>
            {say.remove}
          </Button>
        )}
        <Button size="compact-sm" type="submit">
          {isNew ? say.put : say.change}
        </Button>
      </Group>
    </Stack>
  )
}
