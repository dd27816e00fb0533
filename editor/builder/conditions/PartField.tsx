/** A part of a sentence as what changes it: a menu, or a field as wide as what stands in it. */
import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { words } from '../../words.ts'
import { shownText } from '../steps/typed.ts'
import styles from './Conditions.module.css'
import type { Raw } from './json.ts'
import { numberOrNone } from './line.ts'
import type { DatePart, ListPart, NamePart, NumberPart, Part, TextPart } from './parts.ts'
import { PickMenu } from './PickMenu.tsx'
import { SuggestedText } from './SuggestedText.tsx'

const { conditions } = words

interface FieldProps<Of extends Part> {
  readonly part: Of
  /** `typed` names the field where the change is a letter typed. */
  readonly change: (next: Raw, typed?: string) => void
  readonly isWrong: boolean
  readonly describedBy: string | undefined
}

export function PartField({ part, ...rest }: FieldProps<Part>) {
  switch (part.kind) {
    case 'choice':
      return (
        <PickMenu
          label={part.label}
          said={part.said}
          value={part.value}
          groupsFor={() => [{ choices: part.choices }]}
          onPick={(value) => rest.change(part.pick(value))}
          isWrong={rest.isWrong}
          describedBy={rest.describedBy}
        />
      )
    case 'name':
      return <NameField part={part} {...rest} />
    case 'text':
      return <TextField part={part} {...rest} />
    case 'number':
      return <NumberField part={part} {...rest} />
    case 'date':
      return <DateField part={part} {...rest} />
    case 'list':
      return <ListField part={part} {...rest} />
  }
}

function NameField({ part, change, isWrong, describedBy }: FieldProps<NamePart>) {
  const { label, said, value, choices, mark, typed, pick } = part
  const groupsFor = (search: string) => {
    const wanted = search.trim().toLowerCase()
    const found = choices.filter((choice) => `${choice.label} ${choice.value}`.toLowerCase().includes(wanted))
    const name = wanted === '' ? null : typed(search)
    const isNew = name !== null && !choices.some((choice) => choice.value === name)
    return [{ choices: isNew ? [...found, { value: name, label: conditions.takeName(name) }] : found }]
  }
  return (
    <>
      <PickMenu
        label={label}
        said={said === '' ? label : said}
        isEmpty={said === ''}
        value={value}
        groupsFor={groupsFor}
        isSearched
        onPick={(next) => change(pick(next))}
        isWrong={isWrong}
        describedBy={describedBy}
      />
      {mark !== null && <span className={styles['mark']}>{mark}</span>}
    </>
  )
}

function TextField({ part, change, isWrong, describedBy }: FieldProps<TextPart>) {
  const { type } = part
  return (
    <>
      <SuggestedText
        label={part.label}
        value={part.value}
        placeholder={part.placeholder}
        choices={part.choices}
        onChange={(text) => change(part.write(text), part.id)}
        isWrong={isWrong}
        describedBy={describedBy}
      />
      {type && (
        <button
          type="button"
          className={styles['detail']}
          aria-label={type.label}
          onClick={() => change(type.turn())}
        >
          {type.said}
        </button>
      )}
    </>
  )
}

/** Shows what was typed ("1.50") as long as it means what is kept (1.5). */
function NumberField({ part, change, isWrong, describedBy }: FieldProps<NumberPart>) {
  const [typed, setTyped] = useState(part.value)
  const read = (text: string) => String(numberOrNone(text) ?? '')
  const write = (text: string) => {
    setTyped(text)
    change(part.write(text), part.id)
  }
  const step = (by: number) => {
    const number = numberOrNone(part.value)
    if (typeof number === 'number') write(String(Math.round((number + by) * 100) / 100))
  }
  return (
    <input
      data-typed
      data-part
      data-empty={part.value === '' ? 'field' : undefined}
      className={styles['field']}
      inputMode="decimal"
      autoComplete="off"
      size={Math.max(3, typed.length)}
      aria-label={part.label}
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      placeholder={part.placeholder}
      value={shownText(typed, part.value, read)}
      onChange={({ currentTarget: { value } }) => write(value)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
        event.preventDefault()
        step(event.key === 'ArrowUp' ? 1 : -1)
      }}
    />
  )
}

/** A date of the calendar; a moment of a day that came from a file stays as it is written. */
function DateField({ part, change, isWrong, describedBy }: FieldProps<DatePart>) {
  const isDate = part.value === '' || /^\d{4}-\d\d-\d\d$/.test(part.value)
  return (
    <input
      data-typed
      data-part
      data-empty={part.value === '' ? 'field' : undefined}
      className={styles['field']}
      type={isDate ? 'date' : 'text'}
      aria-label={part.label}
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      value={part.value}
      onChange={({ currentTarget: { value } }) => change(part.write(value), part.id)}
    />
  )
}

function ListField({ part, change, isWrong, describedBy }: FieldProps<ListPart>) {
  const { choices, values } = part
  const labelOf = (value: string) => choices.find((choice) => choice.value === value)?.label ?? value
  const valueOf = (label: string) => choices.find((choice) => choice.label === label)?.value ?? label
  const isAllowed = (value: string) =>
    part.isOpen || choices.some((choice) => choice.value === value) || values.includes(value)
  return (
    <TagsInput
      data-typed
      data-part
      data-empty={values.length === 0 ? 'field' : undefined}
      className={styles['list'] ?? ''}
      classNames={{
        input: styles['listInput'] ?? '',
        pill: styles['pill'] ?? '',
        inputField: styles['listField'] ?? '',
      }}
      variant="unstyled"
      size="xs"
      aria-label={part.label}
      aria-invalid={isWrong}
      aria-describedby={describedBy}
      placeholder={values.length === 0 ? part.placeholder : ''}
      data={choices.map(({ label }) => label)}
      value={values.map(labelOf)}
      acceptValueOnBlur
      onChange={(labels) => change(part.write(labels.map(valueOf).filter(isAllowed)))}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
    />
  )
}
