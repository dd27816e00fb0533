/** Whom a condition is about now: how many, some of them, and what one person answers, line by line. */
import { ActionIcon, Button, Combobox, Loader, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCheck, IconClock, IconQuestionMark, IconUserSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { judgedWhen, parseCondition, type Condition } from '../../../engine/index.ts'
import type { ConditionMatches as Matches, ConditionScope, Somebody } from '../../answers.ts'
import { Face } from '../../contacts/Face.tsx'
import { personName } from '../../contacts/people.ts'
import { useConditionAnswers, useConditionMatches, useFoundPeople } from '../../queries.ts'
import { Link, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import styles from './Conditions.module.css'

const { matches: said } = words.conditions

/** How long nothing must be typed before anybody is counted, in milliseconds. */
const REST = 400

export function ConditionMatches({
  value,
  scope,
}: {
  readonly value: Condition
  readonly scope: ConditionScope
}) {
  const [when] = useDebouncedValue(JSON.stringify(value), REST)
  const [person, setPerson] = useState<string | null>(null)
  const parsed = parseCondition(JSON.parse(when))
  const asked = parsed.ok ? when : null
  const isMomentary = parsed.ok && judgedWhen(parsed.value) === 'whenItHappens'
  return (
    <section className={styles['matches']} aria-label={said.title}>
      <div role="status">
        <Count when={isMomentary ? null : asked} scope={scope} isMomentary={isMomentary} />
      </div>
      {asked !== null && !isMomentary && (
        <>
          {person === null ? (
            <PersonSearch onPick={setPerson} />
          ) : (
            <Answers when={asked} scope={scope} person={person} onStop={() => setPerson(null)} />
          )}
        </>
      )}
    </section>
  )
}

function Count({
  when,
  scope,
  isMomentary,
}: {
  readonly when: string | null
  readonly scope: ConditionScope
  readonly isMomentary: boolean
}) {
  const { data, error, isPlaceholderData } = useConditionMatches(when, scope)
  if (isMomentary)
    return (
      <p className={styles['quiet']}>
        <IconClock size={15} aria-hidden /> {said.whenItHappens}
      </p>
    )
  if (when === null) return <p className={styles['quiet']}>{said.unfinished}</p>
  if (data === undefined)
    return error ? (
      <p className={styles['quiet']}>{said.failed}</p>
    ) : (
      <p className={styles['quiet']}>
        <Loader size={12} aria-hidden /> {said.counting}
      </p>
    )
  return (
    <div style={{ opacity: isPlaceholderData ? 0.6 : 1 }}>
      <HowMany matches={data} />
      <Examples people={data.examples} />
    </div>
  )
}

function HowMany({ matches: { judged, matching, of, sample } }: { readonly matches: Matches }) {
  if (matching === null) return <p className={styles['quiet']}>{said.whenItHappens}</p>
  const say = judged === 'partly' ? said.upTo : sample ? said.about : said.of
  return (
    <>
      <div className={styles['number']}>{say(matching, of)}</div>
      <div className={styles['share']} aria-hidden>
        <div style={{ width: `${of === 0 ? 0 : (100 * matching) / of}%` }} />
      </div>
      {(judged === 'partly' || sample) && (
        <p className={styles['quiet']}>
          {[judged === 'partly' ? said.partly : '', sample ? said.sample(sample.looked) : '']
            .join(' ')
            .trim()}
        </p>
      )}
    </>
  )
}

function Examples({ people }: { readonly people: readonly Somebody[] }) {
  if (people.length === 0) return null
  return (
    <div className={styles['examples']}>
      <span className={styles['examplesTitle']}>{said.examples}</span>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <Link href={pathTo('contacts', person.id)} className={styles['person'] ?? ''}>
              <Face id={person.id} name={personName(person)} size={20} />
              <bdi>{personName(person)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

// ---- Check a person ----------------------------------------------------------------------------------------------

const MOST_FOUND = 6

function PersonSearch({ onPick }: { readonly onPick: (id: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  if (!isOpen)
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconUserSearch size={15} aria-hidden />}
        onClick={() => setOpen(true)}
        className={styles['check'] ?? ''}
      >
        {said.check}
      </Button>
    )
  return <SearchField onPick={onPick} onStop={() => setOpen(false)} />
}

function SearchField({
  onPick,
  onStop,
}: {
  readonly onPick: (id: string) => void
  readonly onStop: () => void
}) {
  const menu = useCombobox({ defaultOpened: true })
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search.trim(), 250)
  const { data } = useFoundPeople(settled)
  const found = data?.items.slice(0, MOST_FOUND) ?? []
  const { selectFirstOption } = menu
  // Enter takes the first that was found.
  useEffect(() => {
    if (data) selectFirstOption()
  }, [data, selectFirstOption])
  return (
    <Combobox store={menu} onOptionSubmit={onPick} position="bottom-start">
      <Combobox.Target>
        <TextInput
          size="xs"
          type="search"
          autoFocus
          aria-label={said.check}
          placeholder={said.search}
          leftSection={<IconUserSearch size={15} aria-hidden />}
          value={search}
          onChange={({ currentTarget: { value } }) => {
            setSearch(value)
            menu.openDropdown()
          }}
          onFocus={() => menu.openDropdown()}
          onBlur={() => menu.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            onStop()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={said.check}>
          {data !== undefined && found.length === 0 && <Combobox.Empty>{said.nobody}</Combobox.Empty>}
          {found.map((person) => (
            <Combobox.Option key={person.id} value={person.id} className={styles['option'] ?? ''}>
              <bdi className={styles['optionName']}>{personName(person)}</bdi>
              {person.email !== null && <span className={styles['hint']}>{person.email}</span>}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function Answers({
  when,
  scope,
  person,
  onStop,
}: {
  readonly when: string
  readonly scope: ConditionScope
  readonly person: string
  readonly onStop: () => void
}) {
  const { data, error } = useConditionAnswers(when, scope, person)
  if (!data) return <p className={styles['quiet']}>{error ? said.failed : said.counting}</p>
  const name = personName(data.contact)
  const verdict = data.holds === null ? said.holdsMaybe : data.holds ? said.holds : said.holdsNot
  return (
    <div className={styles['answers']} role="group" aria-label={said.check}>
      <div className={styles['verdict']}>
        <Mark holds={data.holds} />
        <bdi>{verdict(name)}</bdi>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={said.stop} onClick={onStop}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </div>
      <ul aria-live="polite">
        {data.lines.map(({ path, text, holds, because }) => (
          <li key={path}>
            <Mark holds={holds} />
            <span>
              <bdi>{text}</bdi>
              {because !== null && <span className={styles['because']}>{because}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Mark({ holds }: { readonly holds: boolean | null }) {
  const [Symbol, label, color] =
    holds === null
      ? ([IconQuestionMark, said.maybe, 'gray'] as const)
      : holds
        ? ([IconCheck, said.yes, 'teal'] as const)
        : ([IconX, said.no, 'red'] as const)
  return (
    <span className={styles['answer']} role="img" aria-label={label} data-color={color}>
      <Symbol size={13} stroke={2.4} aria-hidden />
    </span>
  )
}
