/** A word of a sentence that opens a menu to choose another; the menu may be searched. */
import { Button, Combobox, useCombobox } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { words } from '../../words.ts'
import styles from './Conditions.module.css'
import type { Choice } from './parts.ts'

const { conditions } = words

export interface MenuGroup {
  readonly label?: string
  readonly choices: readonly Choice[]
  /** How many more there are that only a search finds. */
  readonly more?: number
}

export function PickMenu({
  label,
  said,
  value,
  groupsFor,
  onPick,
  isSearched = false,
  isEmpty = false,
  isWrong = false,
  describedBy,
  look = 'word',
}: {
  /** What it is called for whoever does not see where it stands. */
  readonly label: string
  readonly said: string
  readonly value: string
  readonly groupsFor: (search: string) => readonly MenuGroup[]
  readonly onPick: (value: string, search: string) => void
  readonly isSearched?: boolean
  /** Whether it is still to be chosen. */
  readonly isEmpty?: boolean
  readonly isWrong?: boolean
  readonly describedBy?: string | undefined
  /** A button that adds something: then the focus goes where the choice leads. */
  readonly look?: 'word' | 'add' | 'addFirst'
}) {
  const [search, setSearch] = useState('')
  const isPicked = useRef(false)
  const menu = useCombobox({
    onDropdownClose: () => {
      menu.resetSelectedOption()
      setSearch('')
      if (look === 'word' || !isPicked.current) menu.focusTarget()
      isPicked.current = false
    },
    onDropdownOpen: () => {
      if (isSearched) menu.focusSearchInput()
      else menu.updateSelectedOptionIndex('active')
    },
  })
  const toggle = () => menu.toggleDropdown()
  return (
    <Combobox
      store={menu}
      width="max-content"
      position="bottom-start"
      middlewares={{ flip: true, shift: { padding: 8 } }}
      onOptionSubmit={(picked) => {
        isPicked.current = true
        onPick(picked, search)
        menu.closeDropdown()
      }}
    >
      <Combobox.Target targetType="button" withExpandedAttribute={!isSearched}>
        {look !== 'word' ? (
          <Button
            data-add
            size={look === 'addFirst' ? 'xs' : 'compact-sm'}
            variant={look === 'addFirst' ? 'light' : 'subtle'}
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={toggle}
          >
            {said}
          </Button>
        ) : (
          <button
            type="button"
            data-part
            data-empty={isEmpty ? 'name' : undefined}
            className={styles['word']}
            aria-label={`${label}: ${said}`}
            aria-describedby={describedBy}
            data-wrong={isWrong || undefined}
            onClick={toggle}
          >
            <bdi>{said}</bdi>
          </button>
        )}
      </Combobox.Target>
      <Combobox.Dropdown className={styles['menu'] ?? ''} data-conditions-menu>
        {isSearched && (
          // Its list is that of this field now, not of what opened it.
          <Combobox.Search
            role="combobox"
            aria-expanded
            value={search}
            onChange={({ currentTarget: { value: text } }) => {
              setSearch(text)
              menu.selectFirstOption()
            }}
            placeholder={conditions.search}
            aria-label={conditions.search}
          />
        )}
        <Options label={label} value={value} groups={menu.dropdownOpened ? groupsFor(search) : []} />
      </Combobox.Dropdown>
    </Combobox>
  )
}

function Options({
  label,
  value,
  groups,
}: {
  readonly label: string
  readonly value: string
  readonly groups: readonly MenuGroup[]
}) {
  const isNothing = groups.every(({ choices }) => choices.length === 0)
  return (
    <Combobox.Options className={styles['options'] ?? ''} aria-label={label}>
      {isNothing && <Combobox.Empty>{conditions.nothingFound}</Combobox.Empty>}
      {groups.map((group) =>
        group.label === undefined ? (
          group.choices.map((choice) => <Option key={choice.value} choice={choice} value={value} />)
        ) : (
          <Combobox.Group key={group.label} label={group.label}>
            {group.choices.map((choice) => (
              <Option key={choice.value} choice={choice} value={value} />
            ))}
            {(group.more ?? 0) > 0 && (
              <div className={styles['moreFound']}>{conditions.moreFound(group.more ?? 0)}</div>
            )}
          </Combobox.Group>
        ),
      )}
    </Combobox.Options>
  )
}

function Option({ choice, value }: { readonly choice: Choice; readonly value: string }) {
  const isNow = choice.value === value
  return (
    <Combobox.Option
      value={choice.value}
      active={isNow}
      aria-selected={isNow}
      className={styles['option'] ?? ''}
    >
      <bdi className={styles['optionName']}>{choice.label}</bdi>
      {choice.hint !== undefined && <span className={styles['hint']}>{choice.hint}</span>}
    </Combobox.Option>
  )
}
