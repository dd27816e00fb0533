/** Names with values, row by row. */
import { ActionIcon, Autocomplete, Input, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { words } from '../../words.ts'
import { FieldText } from '../mail/FieldText.tsx'
import type { FieldGroup } from '../mail/fields.ts'
import { AddButton, type FieldProps } from './Fields.tsx'
import styles from './Forms.module.css'
import { pairsOf, recordOf, shownPairs, type Pair } from './pairs.ts'

const say = words.forms.pairs

const NO_NAMES: readonly string[] = []

export function PairsField({
  label,
  hint,
  error,
  record,
  onChange,
  nameLabel,
  valueLabel,
  names = NO_NAMES,
  fields,
  add,
}: FieldProps & {
  readonly record: { readonly [name: string]: string }
  readonly onChange: (record: { readonly [name: string]: string }) => void
  readonly nameLabel: string
  readonly valueLabel: string
  /** Names to choose from. */
  readonly names?: readonly string[]
  /** Fields that the values may hold. */
  readonly fields?: readonly FieldGroup[]
  /** What the button for one more row says. */
  readonly add: string
}) {
  const [typed, setTyped] = useState<readonly Pair[]>(pairsOf(record))
  const pairs = shownPairs(typed, record)
  const set = (changed: readonly Pair[]) => {
    setTyped(changed)
    onChange(recordOf(changed))
  }
  const change = (index: number, part: Partial<Pair>) =>
    set(pairs.map((pair, place) => (place === index ? { ...pair, ...part } : pair)))
  return (
    <Input.Wrapper
      size="sm"
      label={label}
      labelElement="div"
      {...(hint === undefined ? {} : { description: hint })}
      {...(error === undefined ? {} : { error })}
    >
      <div className={styles['pairs']}>
        {pairs.map(({ name, value }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a row has no name as long as none is typed
          <div key={index} className={styles['pair']} data-tall={fields !== undefined}>
            <Autocomplete
              size="sm"
              aria-label={say.row(nameLabel, index + 1)}
              placeholder={nameLabel}
              data={[...names]}
              value={name}
              error={name === '' || pairs.some((other, place) => place > index && other.name === name)}
              onChange={(text) => change(index, { name: text })}
            />
            {fields === undefined ? (
              <TextInput
                size="sm"
                dir="auto"
                aria-label={say.row(valueLabel, index + 1)}
                placeholder={valueLabel}
                value={value}
                onChange={(event) => change(index, { value: event.currentTarget.value })}
              />
            ) : (
              <FieldText
                label={say.row(valueLabel, index + 1)}
                placeholder={valueLabel}
                value={value}
                fields={fields}
                onChange={(text) => change(index, { value: text })}
              />
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say.remove(index + 1)}
              onClick={() => set(pairs.filter((_, place) => place !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
        <AddButton quiet onClick={() => set([...pairs, { name: '', value: '' }])}>
          {add}
        </AddButton>
      </div>
    </Input.Wrapper>
  )
}
