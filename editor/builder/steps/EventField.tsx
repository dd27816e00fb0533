/** An event: one that was received, one of our own, or one that is yet to come. */
import { Autocomplete } from '@mantine/core'
import { useState } from 'react'
import { eventNameFault, INTERNAL_EVENTS, isReservedEvent, type Path } from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { useIsFresh, useProblemAt } from './problemAt.ts'
import { useNames } from './useNames.ts'

const say = words.forms.event

/** Our own events by what people call them. */
const OWN = Object.keys(INTERNAL_EVENTS).filter((event) => event !== 'time.due')

export function EventField({
  label,
  value,
  path,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly path: Path
  readonly onChange: (event: string) => void
}) {
  const { events } = useNames()
  const problemAt = useProblemAt(path, 'exactly')
  const problem = problemAt() ?? problemAt(value)
  const isFresh = useIsFresh(path)
  const shown = (event: string) => (isReservedEvent(event) ? eventInWords(event) : event)
  const [typed, setTyped] = useState(shown(value))
  const read = (text: string) => OWN.find((event) => eventInWords(event) === text) ?? text
  const fault = value === '' ? (isFresh ? undefined : say.missing) : eventNameFault(value) && say.wrong
  return (
    <Autocomplete
      size="sm"
      label={label}
      description={say.hint}
      dir="auto"
      data={[
        { group: say.received, items: events.map(({ name }) => name) },
        { group: say.own, items: OWN.map(eventInWords) },
      ]}
      value={read(typed) === value ? typed : shown(value)}
      {...((fault ?? problem) === undefined ? {} : { error: fault ?? problem })}
      onChange={(text) => {
        setTyped(text)
        onChange(read(text))
      }}
    />
  )
}
