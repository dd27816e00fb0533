/** Divides people by a number: bounds are typed, and branches without gap and overlap are made of them. */
import { ActionIcon, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Step } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import { bandsOf, setBands, sorted, type Bound } from '../document/bands.ts'
import { AttributeField } from './AttributeField.tsx'
import { useStepChange } from './change.ts'
import { AddButton } from './Fields.tsx'
import styles from './Forms.module.css'
import { attributeInWords } from './names.ts'
import { typedNumber } from './typed.ts'

const say = words.forms.bands

interface Typed {
  readonly text: string
  readonly above: boolean
}

const FIRST: readonly Bound[] = [80, 50, 20].map((from) => ({ from, above: false }))

export function BandsFields({ id, step }: { readonly id: string; readonly step: Step }) {
  const change = useStepChange(id)
  const there = bandsOf(step)
  const [field, setField] = useState(there?.field ?? 'SCORE')
  const [typed, setTyped] = useState<readonly Typed[]>(
    (there?.bounds ?? FIRST).map(({ from, above }) => ({ text: String(from), above })),
  )
  const bounds = boundsOf(typed)
  const set = (index: number, changed: Partial<Typed>) =>
    setTyped(typed.map((each, place) => (place === index ? { ...each, ...changed } : each)))
  return (
    <div className={styles['inset']} role="group" aria-label={say.title}>
      <AttributeField label={say.field} value={field} onChange={setField} />
      {typed.map(({ text, above }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a bound has no name of its own
        <Group key={index} gap={8} wrap="nowrap">
          <NativeSelect
            size="sm"
            aria-label={say.side(index + 1)}
            value={above ? 'above' : 'from'}
            data={[
              { value: 'from', label: say.from },
              { value: 'above', label: say.above },
            ]}
            onChange={(event) => set(index, { above: event.currentTarget.value === 'above' })}
          />
          <TextInput
            size="sm"
            className={styles['grow'] ?? ''}
            aria-label={say.bound(index + 1)}
            inputMode="decimal"
            error={typeof typedNumber(text) === 'string'}
            value={text}
            onChange={(event) => set(index, { text: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={say.remove(index + 1)}
            disabled={typed.length < 2}
            onClick={() => setTyped(typed.filter((_, place) => place !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <AddButton quiet onClick={() => setTyped([...typed, { text: '', above: false }])}>
        {say.add}
      </AddButton>
      <Text size="sm" c={bounds === undefined ? 'red' : 'dimmed'} role="status">
        {bounds === undefined ? say.wrong : inWords(attributeInWords(field), bounds)}
      </Text>
      <Button
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        disabled={bounds === undefined}
        onClick={() => bounds && change.act(setBands(id, { field, bounds }), say.made(bounds.length + 1))}
      >
        {say.make}
      </Button>
    </div>
  )
}

/** The bounds that were typed; undefined as long as one is no number or stands twice. */
function boundsOf(typed: readonly Typed[]): readonly Bound[] | undefined {
  const bounds = typed.flatMap(({ text, above }) => {
    const from = typedNumber(text)
    return typeof from === 'number' ? [{ from, above }] : []
  })
  const each = sorted(bounds)
  return each.length === typed.length && typed.length > 0 ? each : undefined
}

/** "Over 80 · 50 to 80 · under 50". */
function inWords(field: string, bounds: readonly Bound[]): string {
  const bands = bounds.map((bound, place) => {
    const upper = bounds[place - 1]
    if (upper === undefined)
      return bound.above ? say.over(number(bound.from)) : say.andMore(number(bound.from))
    return say.between(
      say.begin[bound.above ? 'above' : 'from'](number(bound.from)),
      say.end[upper.above ? 'above' : 'from'](number(upper.from)),
    )
  })
  const last = bounds.at(-1)
  const below = last === undefined ? [] : [say.begin.below(number(last.from), last.above)]
  return say.all(field, [...bands, ...below])
}
