/** What starts a journey, and who of them enters. */
import { Button, Select } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMemo, useState, type ReactNode } from 'react'
import { STAGES, type Path, type Trigger } from '../../../engine/index.ts'
import { eventInWords, words } from '../../words.ts'
import { inARow, type Command } from '../document/command.ts'
import type { Draft } from '../document/draft.ts'
import { frameId } from '../document/frame.ts'
import { changeTrigger, removeTrigger, renameTrigger } from '../document/frameCommands.ts'
import { NOTHING_CHOSEN } from '../document/newStep.ts'
import { placeOfNext, triggerAt, type TriggerPlace } from '../document/places.ts'
import { isSame } from '../document/same.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { AttributeField } from '../steps/AttributeField.tsx'
import { ConditionField } from '../steps/ConditionField.tsx'
import { ContinueAt } from '../steps/ContinueAt.tsx'
import { DelayField } from '../steps/DelayField.tsx'
import { ChoiceField, NumberField, Optional, Section, SuggestField, TextField } from '../steps/Fields.tsx'
import forms from '../steps/Forms.module.css'
import { useProblemAt } from '../steps/problemAt.ts'
import { mergeName } from '../steps/typed.ts'
import { useNames } from '../steps/useNames.ts'
import {
  readTrigger,
  START_GROUPS,
  startedBy,
  STARTS,
  writtenTrigger,
  type Start,
  type TriggerParts,
} from './triggerParts.ts'

const say = words.forms.trigger

export function TriggerForm({ place }: { readonly place: TriggerPlace }) {
  const draft = useDraft()
  const { apply, select } = useBuild()
  const trigger = triggerAt(draft, place)
  const path = pathOf(draft, place)
  const problem = useProblemAt(path, 'exactly')
  if (trigger === undefined) return null
  const parts = readTrigger(place.event, trigger)
  const set = (field: string, changed: TriggerParts, typed?: unknown) => {
    const { event, params } = writtenTrigger(changed)
    const to = event === place.event ? place : placeOfNext(draft, event)
    apply(setTrigger(place, to, params), {
      merge: mergeName(`trigger ${field}`, typed),
      select: [frameId({ part: 'trigger', place: to })],
    })
  }
  return (
    <div className={forms['form']}>
      <StartField parts={parts} error={problem()} set={set} />
      <About parts={parts} path={path} set={set} />
      <Optional
        label={say.onlyIf}
        hint={parts.start === 'schedule' ? say.scheduleHint : undefined}
        on={parts.when !== undefined}
        toggle={(on) => {
          const { when: _when, ...rest } = parts
          set('filter', on ? { ...rest, when: NOTHING_CHOSEN } : rest)
        }}
      >
        <ConditionField
          label={say.if}
          scope="trigger"
          event={place.event}
          value={parts.when ?? NOTHING_CHOSEN}
          path={[...path, 'guard', 'params', 'when']}
          onChange={(when, part) => set(`when ${part}`, { ...parts, when })}
        />
      </Optional>
      <Section title={words.forms.ways.title}>
        <ContinueAt place={place} label={say.beginsAt} ends={say.ownWay} />
      </Section>
      <Section title={words.forms.about.title}>
        <TextField
          label={say.label}
          hint={words.forms.about.labelHint}
          value={trigger.meta?.label}
          onChange={(label) =>
            apply(
              changeTrigger(place, ({ meta: _meta, ...bare }) =>
                label === '' ? bare : { ...bare, meta: { label } },
              ),
              { merge: mergeName('trigger label', label) },
            )
          }
        />
      </Section>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconTrash size={15} />}
        onClick={() => {
          apply(removeTrigger(place), { say: say.removed })
          select([frameId({ part: 'frame' })])
        }}
      >
        {say.remove}
      </Button>
    </div>
  )
}

/** Where the trigger stands in the file. */
function pathOf({ on }: Draft, { event, index }: TriggerPlace): Path {
  return ['on', event, ...(Array.isArray(on[event]) ? [index] : [])]
}

function setTrigger(
  place: TriggerPlace,
  to: TriggerPlace,
  params: ReturnType<typeof writtenTrigger>['params'],
): Command {
  const guard = { type: 'mayEnter', ...(params === undefined ? {} : { params }) } as const
  return inARow(
    renameTrigger(place, to.event),
    changeTrigger(to, (trigger): Trigger => (isSame(guard, trigger.guard) ? trigger : { ...trigger, guard })),
  )
}

type SetParts = (field: string, parts: TriggerParts, typed?: unknown) => void

interface PartsProps {
  readonly parts: TriggerParts
  readonly set: SetParts
}

const NEW_EVENT = 'event:'

/** Events that were received, and everything that happens here, to be searched. */
function StartField({ parts, error, set }: PartsProps & { readonly error: string | undefined }) {
  const { events } = useNames()
  const data = useMemo(
    () =>
      START_GROUPS.map((group) => ({
        group: say.groups[group],
        items: [
          ...(group === 'events'
            ? [
                ...events.flatMap(({ name, last30Days }) =>
                  last30Days === null
                    ? []
                    : [{ value: `event:${name}`, label: say.received(name, last30Days) }],
                ),
                { value: NEW_EVENT, label: say.newEvent },
              ]
            : []),
          ...(Object.keys(STARTS) as Start[])
            .filter((start) => STARTS[start] === group && start !== 'event')
            .map((start) => ({ value: start as string, label: startInWords(start) })),
        ],
      })),
    [events],
  )
  const isReceived = events.some(({ name, last30Days }) => name === parts.event && last30Days !== null)
  // While a name is typed it may be a received one for a moment: the field stays.
  const [isTyping, setTyping] = useState(false)
  const isNamed = parts.start === 'event' && (isTyping || !isReceived)
  return (
    <>
      <Select
        size="sm"
        label={say.start}
        searchable
        allowDeselect={false}
        maxDropdownHeight={360}
        nothingFoundMessage={words.forms.nothingFound}
        data={data}
        value={parts.start !== 'event' ? parts.start : isNamed ? NEW_EVENT : `event:${parts.event}`}
        {...(error === undefined || isNamed ? {} : { error })}
        onChange={(value) => {
          if (value === null) return
          setTyping(false)
          if (value.startsWith('event:'))
            set('start', startedBy(parts, 'event', value.slice('event:'.length)))
          else set('start', startedBy(parts, value as Start))
        }}
      />
      {isNamed && (
        <TextField
          label={say.event}
          hint={say.eventHint}
          value={parts.event}
          error={parts.event === '' ? words.forms.event.missing : error}
          onChange={(event) => {
            setTyping(true)
            set('event', { ...parts, event }, event)
          }}
        />
      )}
    </>
  )
}

function startInWords(start: Start): string {
  const own: { readonly [start: string]: string } = say.starts
  return own[start] ?? eventInWords(start)
}

/** What it is about: which list, which number, which time. */
function About({ parts, path, set }: PartsProps & { readonly path: Path }) {
  const { segments, lists } = useNames()
  const subject = (text: string | null) => set('subject', { ...parts, subject: text }, text)
  switch (parts.start) {
    case 'crossed':
      return <CrossedFields parts={parts} set={set} />
    case 'score.changed':
    case 'attribute.changed':
      return (
        <AnyOrOne label={say.whichAttribute} value={parts.subject} onChange={subject}>
          {(value, error) => (
            <AttributeField label={say.attribute} value={value} error={error} onChange={subject} />
          )}
        </AnyOrOne>
      )
    case 'list.joined':
    case 'list.left':
      return (
        <AnyOrOne label={say.whichList} value={parts.subject} onChange={subject}>
          {(value, error) => (
            <SuggestField
              label={words.forms.lists.list}
              value={value}
              suggestions={lists}
              error={error}
              onChange={subject}
            />
          )}
        </AnyOrOne>
      )
    case 'segment.entered':
    case 'segment.left':
      return (
        <AnyOrOne label={say.whichSegment} value={parts.subject} onChange={subject}>
          {(value, error) => (
            <SuggestField
              label={say.segment}
              value={value}
              suggestions={segments}
              error={error}
              onChange={subject}
            />
          )}
        </AnyOrOne>
      )
    case 'stage.changed':
      return (
        <ChoiceField
          label={say.stage}
          value={parts.subject ?? ANY}
          options={[
            { value: ANY, label: say.any },
            ...STAGES.map((value) => ({ value: value as string, label: words.stages[value].name })),
          ]}
          onChange={(value) => subject(value === ANY ? null : value)}
        />
      )
    case 'journey.finished':
    case 'journey.entered':
      return <JourneySubject value={parts.subject} onChange={subject} />
    case 'date':
    case 'inactive':
    case 'schedule':
      return (
        <DelayField
          label={parts.start === 'inactive' ? say.inactive : say.time}
          types={[parts.start === 'schedule' ? 'at' : parts.start]}
          value={parts.at}
          path={[...path, 'guard', 'params', 'at']}
          clock={parts.start === 'schedule' ? 'yours' : 'contact'}
          onChange={(at) => set('at', { ...parts, at })}
        />
      )
    default:
      return null
  }
}

const ANY = ''

/** Any of them, or a certain one, which is then still to be chosen. */
function AnyOrOne({
  label,
  value,
  onChange,
  children,
}: {
  readonly label: string
  readonly value: string | null
  readonly onChange: (subject: string | null) => void
  readonly children: (value: string, error: string | undefined) => ReactNode
}) {
  return (
    <>
      <ChoiceField
        label={label}
        value={value === null ? 'any' : 'one'}
        options={[
          { value: 'any', label: say.any },
          { value: 'one', label: say.one },
        ]}
        onChange={(how) => onChange(how === 'any' ? null : '')}
      />
      {value !== null && children(value, value === '' ? say.whichOne : undefined)}
    </>
  )
}

function CrossedFields({ parts, set }: PartsProps) {
  const { crossed } = parts
  const change = (field: string, part: Partial<TriggerParts['crossed']>) =>
    set(field, { ...parts, crossed: { ...crossed, ...part } })
  return (
    <>
      <AttributeField
        label={say.score}
        value={crossed.attribute}
        onChange={(attribute) => change('score', { attribute })}
      />
      <ChoiceField
        label={say.direction}
        value={crossed.direction}
        options={(['up', 'down'] as const).map((value) => ({ value, label: say.directions[value] }))}
        onChange={(direction) => change('direction', { direction })}
      />
      <NumberField
        label={say.number}
        hint={say.crossedHint}
        value={crossed.value}
        onChange={(value) => change('number', { value })}
      />
    </>
  )
}

function JourneySubject({
  value,
  onChange,
}: {
  readonly value: string | null
  readonly onChange: (id: string | null) => void
}) {
  const known = useNames().journeys.map(({ id, name }) => ({ value: id, label: name }))
  const isKnown = value === null || known.some((journey) => journey.value === value)
  return (
    <ChoiceField
      label={words.forms.startJourney.journey}
      value={value ?? ANY}
      options={[{ value: ANY, label: say.any }, ...known, ...(isKnown ? [] : [{ value, label: value }])]}
      onChange={(id) => onChange(id === ANY ? null : id)}
    />
  )
}
