/** As whom a message is looked at: any contact, somebody made up, or somebody of whom nothing is known. */
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { Reader } from '../../answers.ts'
import { personName } from '../../contacts/people.ts'
import { useFoundPeople } from '../../queries.ts'
import { words } from '../../words.ts'

const say = words.mail.look

/** No ids of contacts. */
const EXAMPLE = ' example'
const UNKNOWN = ' unknown'

export function ReaderField({
  value,
  onChange,
}: {
  readonly value: Reader
  readonly onChange: (reader: Reader) => void
}) {
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string } | null>(null)
  const [settled] = useDebouncedValue(search.trim(), 250)
  const { data } = useFoundPeople(isOwnWord(settled, chosen?.label) ? '' : settled)
  const found = (data?.items ?? []).slice(0, 20).map((person) => ({
    value: person.id,
    label: [personName(person), person.email]
      .filter((part, index, all) => part && all.indexOf(part) === index)
      .join(', '),
  }))
  const people = chosen && !found.some((each) => each.value === chosen.value) ? [chosen, ...found] : found
  return (
    <Select
      size="xs"
      aria-label={say.as}
      searchable
      dir="auto"
      allowDeselect={false}
      nothingFoundMessage={say.nobody}
      placeholder={say.search}
      data={[{ value: EXAMPLE, label: say.example }, { value: UNKNOWN, label: say.unknown }, ...people]}
      // The server has searched already.
      filter={({ options }) => options}
      value={value === undefined ? EXAMPLE : (value ?? UNKNOWN)}
      onSearchChange={setSearch}
      onChange={(id) => {
        setChosen(people.find((each) => each.value === id) ?? null)
        onChange(id === EXAMPLE || id === null ? undefined : id === UNKNOWN ? null : id)
      }}
    />
  )
}

/** Whether the text is what the field itself shows of the one chosen. */
function isOwnWord(text: string, chosen: string | undefined): boolean {
  return text === say.example || text === say.unknown || text === chosen
}
