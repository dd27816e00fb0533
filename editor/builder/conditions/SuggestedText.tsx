/** A text that may be anything, with values to choose from that were received. */
import { Combobox, useCombobox } from '@mantine/core'
import styles from './Conditions.module.css'
import type { Choice } from './parts.ts'

export function SuggestedText({
  label,
  value,
  placeholder,
  choices,
  onChange,
  isWrong,
  describedBy,
}: {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly choices: readonly Choice[]
  readonly onChange: (text: string) => void
  readonly isWrong: boolean
  readonly describedBy: string | undefined
}) {
  const menu = useCombobox({ onDropdownClose: () => menu.resetSelectedOption() })
  const open = () => {
    if (choices.length > 0) menu.openDropdown()
  }
  const isChosen = choices.some((choice) => choice.value === value)
  const wanted = value.toLowerCase()
  // What is chosen already does not hide the others.
  const found = isChosen ? choices : choices.filter((choice) => choice.label.toLowerCase().includes(wanted))
  return (
    <Combobox
      store={menu}
      width="max-content"
      position="bottom-start"
      onOptionSubmit={(picked) => {
        onChange(picked)
        menu.closeDropdown()
      }}
    >
      <Combobox.Target autoComplete="off" withExpandedAttribute={choices.length > 0}>
        <input
          data-typed
          data-part
          data-empty={value === '' ? 'field' : undefined}
          className={styles['field']}
          dir="auto"
          size={Math.max(5, value.length)}
          aria-label={label}
          aria-invalid={isWrong}
          aria-describedby={describedBy}
          placeholder={placeholder}
          value={value}
          onChange={({ currentTarget: { value: text } }) => {
            onChange(text)
            open()
          }}
          onClick={open}
          onBlur={() => menu.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown className={styles['menu'] ?? ''} data-conditions-menu hidden={found.length === 0}>
        <Combobox.Options className={styles['options'] ?? ''} aria-label={label}>
          {found.map((choice) => (
            <Combobox.Option key={choice.value} value={choice.value} className={styles['option'] ?? ''}>
              <bdi className={styles['optionName']}>{choice.label}</bdi>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
