/** Everybody who is known, with the score and what it makes of them. */
import { Button, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contact } from '../answers.ts'
import { Chip } from '../parts/Chip.tsx'
import { firstEvent } from '../parts/firstEvent.ts'
import { LoadMore } from '../parts/LoadMore.tsx'
import { PageHead } from '../parts/PageHead.tsx'
import parts from '../parts/parts.module.css'
import { Command, Empty, Failure, Rows } from '../parts/States.tsx'
import { Ago } from '../parts/time.tsx'
import { useContacts, useLists } from '../queries.ts'
import { Link, navigate, pathTo } from '../router.tsx'
import { words } from '../words.ts'
import { number } from '../words/say.ts'
import { bandOf, otherLists } from './bands.ts'
import styles from './Contacts.module.css'
import { Face } from './Face.tsx'
import { personName } from './people.ts'

interface Choice {
  readonly search: string
  readonly list: string
}

export function ContactsPage(choice: Choice) {
  const pages = useContacts(choice.search, choice.list)
  const contacts = pages.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      <PageHead title={words.pages.contacts} lead={words.contacts.lead} />
      <div className={parts['panel']}>
        <Tools {...choice} shown={contacts && words.contacts.shown(contacts.length, pages.hasNextPage)} />
        <div aria-live="polite" style={{ opacity: pages.isPlaceholderData ? 0.6 : 1 }}>
          {contacts === undefined ? (
            pages.error ? (
              <Failure error={pages.error} retry={pages.refetch} />
            ) : (
              <Rows />
            )
          ) : (
            <People contacts={contacts} {...choice} />
          )}
        </div>
        <LoadMore pages={pages} />
      </div>
    </>
  )
}

function go({ search, list }: Choice): void {
  const given = Object.entries({ search: search.trim(), list }).filter(([, value]) => value !== '')
  navigate(`/contacts${given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''}`, {
    replace: true,
  })
}

function Tools({ search, list, shown }: Choice & { readonly shown: string | undefined }) {
  const [typed, setTyped] = useState(search)
  const { data } = useLists()
  const settle = useDebouncedCallback((text: string) => go({ search: text, list }), 250)
  // Cleared from outside, by "Show everybody".
  const [known, setKnown] = useState(search)
  if (known !== search) {
    setKnown(search)
    if (search !== typed.trim()) setTyped(search)
  }
  return (
    <div className={styles['tools']}>
      <TextInput
        className={styles['search'] ?? ''}
        type="search"
        aria-label={words.contacts.search}
        placeholder={words.contacts.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          settle(value)
        }}
      />
      <Select
        aria-label={words.contacts.list}
        placeholder={words.contacts.anyList}
        clearable
        searchable
        w={220}
        value={list || null}
        onChange={(value) => go({ search: typed, list: value ?? '' })}
        data={
          data?.items.map(({ name, contacts }) => ({
            value: name,
            label: `${name} (${number(contacts)})`,
          })) ?? []
        }
      />
      <Text size="sm" c="dimmed" ms="auto">
        {shown}
      </Text>
    </div>
  )
}

function People({ contacts, search, list }: Choice & { readonly contacts: readonly Contact[] }) {
  if (contacts.length === 0) return <Nobody search={search} list={list} />
  const { columns } = words.contacts
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th>{columns.contact}</th>
          <th>{columns.score}</th>
          <th className={styles['optional']}>{columns.stage}</th>
          <th className={styles['optional']}>{columns.lists}</th>
          <th className={styles['narrowOptional']}>{columns.active}</th>
        </tr>
      </thead>
      <tbody>
        {contacts.map((contact) => (
          <Person key={contact.id} contact={contact} />
        ))}
      </tbody>
    </table>
  )
}

function Person({ contact }: { readonly contact: Contact }) {
  const { id, email, stage, lists, lastActivityAt } = contact
  const name = personName(contact)
  return (
    <tr className={styles['row']}>
      <td className={styles['cellContact']}>
        <div className={styles['person']}>
          <Face id={id} name={name} />
          <div className={styles['names']}>
            <Link href={pathTo('contacts', id)} className={styles['name'] ?? ''}>
              <bdi>{name}</bdi>
            </Link>
            {email !== null && email !== name && <div className={styles['address']}>{email}</div>}
          </div>
        </div>
      </td>
      <td>
        <Score contact={contact} />
      </td>
      <td className={`${styles['optional']} ${styles['quiet']}`}>
        {stage ? words.stages[stage].name : words.dash}
      </td>
      <td className={styles['optional']}>
        <Lists lists={otherLists(lists)} />
      </td>
      <td className={`${styles['narrowOptional']} ${styles['quiet']}`}>
        {lastActivityAt ? <Ago at={lastActivityAt} /> : words.dash}
      </td>
    </tr>
  )
}

function Score({ contact: { attributes, lists } }: { readonly contact: Contact }) {
  const band = bandOf(lists)
  return (
    <span className={styles['score']}>
      <span className={styles['scoreNumber']}>{number(Number(attributes['SCORE'] ?? 0))}</span>
      {band && <Chip color={band.color}>{band.name}</Chip>}
    </span>
  )
}

const SHOWN_LISTS = 2

function Lists({ lists }: { readonly lists: readonly string[] }) {
  const hidden = lists.slice(SHOWN_LISTS)
  return (
    <div className={styles['chips']}>
      {lists.slice(0, SHOWN_LISTS).map((list) => (
        <Chip key={list}>{list}</Chip>
      ))}
      {hidden.length > 0 && <Chip title={hidden.join(', ')}>{words.contacts.moreLists(hidden.length)}</Chip>}
    </div>
  )
}

function Nobody({ search, list }: Choice) {
  const { empty, noMatch, noneOnList } = words.contacts
  if (search === '' && list === '') {
    return (
      <Empty icon={IconUsers} title={empty.title} text={empty.text}>
        <Command>{firstEvent(window.location.origin)}</Command>
      </Empty>
    )
  }
  return (
    <Empty
      icon={IconSearch}
      title={noMatch.title}
      text={search === '' ? noneOnList(list) : noMatch.text(search)}
    >
      <Button variant="default" onClick={() => go({ search: '', list: '' })}>
        {noMatch.clear}
      </Button>
    </Empty>
  )
}
