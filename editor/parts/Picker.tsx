/** One of many, found by typing or with the arrow keys: grouped, each with a picture, a name and a line about it. */
import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import styles from './Picker.module.css'

export interface Choice<Id extends string = string> {
  readonly id: Id
  readonly name: string
  readonly about?: string
  readonly icon?: ReactNode
  /** Shown at the end of the line: keys, a number. */
  readonly aside?: ReactNode
  /** Why it cannot be chosen now. */
  readonly hindrance?: string | null
}

export interface ChoiceGroup<Id extends string = string> {
  readonly name: string
  readonly choices: readonly Choice<Id>[]
}

interface PickerProps<Id extends string> {
  readonly groups: readonly ChoiceGroup<Id>[]
  readonly search: string
  readonly nothing: string
  readonly onChoose: (id: Id) => void
  /** The person wants none of them (Escape). */
  readonly onCancel: () => void
  readonly height?: number
}

/** The search has the focus at once; arrows, Enter and the pointer choose. */
export function Picker<Id extends string>({
  groups,
  search,
  nothing,
  onChoose,
  onCancel,
  height = 380,
}: PickerProps<Id>) {
  const [typed, setTyped] = useState('')
  const combobox = useCombobox({ opened: true, onOpenedChange: (opened) => opened || onCancel() })
  const shown = useMemo(() => found(groups, typed), [groups, typed])
  const { selectFirstOption } = combobox
  // Enter takes the first of what was found.
  useEffect(() => {
    if (typed !== '') selectFirstOption()
  }, [typed, selectFirstOption])
  return (
    <Combobox store={combobox} onOptionSubmit={(id) => onChoose(id as Id)}>
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          autoFocus
          aria-label={search}
          placeholder={search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.resetSelectedOption()
          }}
        />
      </Combobox.EventsTarget>
      <Combobox.Options mt="xs" mah={height} style={{ overflowY: 'auto' }} aria-label={search}>
        {shown.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
        {shown.map(({ name, choices }) => (
          <Combobox.Group key={name} label={name}>
            {choices.map((choice) => (
              <Option key={choice.id} choice={choice} />
            ))}
          </Combobox.Group>
        ))}
      </Combobox.Options>
    </Combobox>
  )
}

function Option({ choice: { id, name, about, icon, aside, hindrance } }: { readonly choice: Choice }) {
  return (
    <Combobox.Option value={id} disabled={typeof hindrance === 'string'} className={styles['option'] ?? ''}>
      {icon}
      <span className={styles['text']}>
        <span className={styles['name']} dir="auto">
          {name}
        </span>
        {(hindrance ?? about) !== undefined && (
          <span className={styles['about']} dir="auto">
            {hindrance ?? about}
          </span>
        )}
      </span>
      {aside}
    </Combobox.Option>
  )
}

/** Every word typed must be somewhere in the name, the line about it, or the group's name. */
function found<Id extends string>(
  groups: readonly ChoiceGroup<Id>[],
  typed: string,
): readonly ChoiceGroup<Id>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return groups.flatMap((group) => {
    const choices = group.choices.filter(({ name, about = '' }) => {
      const text = `${name} ${about} ${group.name}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    return choices.length === 0 ? [] : [{ ...group, choices }]
  })
}
