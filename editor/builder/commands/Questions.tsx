/** What the page asks before it does something, one question at a time, wherever it was asked. */
import { Button, Group, Kbd, Radio, Stack, Text } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { kindOf, STEP_KINDS, stepsOf } from '../../../engine/index.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { Picker, type Choice, type ChoiceGroup } from '../../parts/Picker.tsx'
import { words } from '../../words.ts'
import { people as inPeople } from '../../words/say.ts'
import { Tile } from '../canvas/Tile.tsx'
import { insertStep, leadTo, lostWith, removeStep, replaceStep, waysOn } from '../document/commands.ts'
import { nameOf, waysByTarget } from '../document/graph.ts'
import { STARTERS, type Starter } from '../document/newTrigger.ts'
import { targetAt, type Place } from '../document/places.ts'
import type { Question } from '../state/questions.ts'
import { LOOKS, STARTER_ICONS } from '../steps/looks.ts'
import { insideOf, perform, removeAll, type ActionName, type Editing } from './actions.ts'
import { insertKind } from './insertKind.ts'
import { listedActions, shownKey } from './keys.ts'
import { KindPicker } from './KindPicker.tsx'
import { startWith } from './startWith.ts'

interface Asked {
  readonly editing: Editing
  readonly close: () => void
}

export function Questions({ question, ...asked }: Asked & { readonly question: Question | null }) {
  if (question === null) return null
  switch (question.type) {
    case 'add':
      return <AddStep place={question.place} {...asked} />
    case 'start':
      return <AddStart {...asked} />
    case 'remove':
      return <RemoveStep id={question.id} {...asked} />
    case 'removeSeveral':
      return <RemoveSeveral ids={question.ids} {...asked} />
    case 'replace':
      return <ReplaceStep id={question.id} {...asked} />
    case 'leadTo':
      return <LeadTo place={question.place} {...asked} />
    case 'commands':
      return <AllCommands {...asked} />
    case 'keys':
      return <AllKeys {...asked} />
  }
}

function QuestionDialog({
  title,
  lead,
  close,
  children,
}: {
  readonly title: string
  readonly lead?: string
  readonly close: () => void
  readonly children: ReactNode
}) {
  return (
    <Dialog onClose={close} title={title} size="lg" closeButtonProps={{ 'aria-label': words.notNow }}>
      {lead !== undefined && (
        <Text size="sm" c="dimmed" mb="sm">
          {lead}
        </Text>
      )}
      {children}
    </Dialog>
  )
}

// ---- Kinds of steps ------------------------------------------------------------------------------------------------

function AddStep({ place, editing, close }: Asked & { readonly place: Place }) {
  const { graph, around } = editing
  const title =
    place.from === 'join'
      ? words.canvas.addBefore(
          nameOf(graph, around, place.step),
          waysByTarget(graph.ways).get(place.step)?.length ?? 0,
        )
      : words.commands.addTitle
  return (
    <QuestionDialog title={title} close={close}>
      <KindPicker
        command={(kind) => insertStep(place, kind)}
        onCancel={close}
        onChoose={(kind) => {
          close()
          insertKind(editing.builder, place, kind)
        }}
      />
    </QuestionDialog>
  )
}

function AddStart({ editing, close }: Asked) {
  const choices = STARTERS.map((starter): Choice<Starter> => {
    const Symbol = STARTER_ICONS[starter]
    return {
      id: starter,
      name: words.canvas.starters[starter].name,
      icon: <Symbol size={17} stroke={1.7} aria-hidden />,
    }
  })
  return (
    <QuestionDialog title={words.commands.startTitle} close={close}>
      <Picker
        groups={[{ name: words.commands.starts, choices }]}
        search={words.commands.searchStart}
        nothing={words.commands.nothingFound}
        onCancel={close}
        onChoose={(starter) => {
          close()
          startWith(editing.builder, starter)
        }}
      />
    </QuestionDialog>
  )
}

function ReplaceStep({ id, editing, close }: Asked & { readonly id: string }) {
  const { builder, graph, around } = editing
  const step = builder.get().history.present.states[id]
  return (
    <QuestionDialog
      title={words.commands.replaceTitle(nameOf(graph, around, id))}
      lead={words.commands.replaceLead}
      close={close}
    >
      <KindPicker
        without={step && kindOf(step)}
        command={(kind) => replaceStep(id, kind)}
        onCancel={close}
        onChoose={(kind) => {
          close()
          builder.apply(replaceStep(id, kind), {
            fresh: [id],
            say: words.commands.replaced(STEP_KINDS[kind].name),
          })
        }}
      />
    </QuestionDialog>
  )
}

// ---- Deleting, leading elsewhere -------------------------------------------------------------------------------------

function RemoveStep({ id, editing, close }: Asked & { readonly id: string }) {
  const { builder, graph, around } = editing
  const draft = builder.get().history.present
  const ways = waysOn(draft, id).map((place) => {
    const target = targetAt(draft, place) ?? ''
    const label = graph.ways.find(({ from, to }) => from === id && to === target)?.label ?? words.ways.next
    return { target, label, first: nameOf(graph, around, target), lost: lostWith(draft, id, target).length }
  })
  const [kept, keep] = useState(ways[0]?.target ?? '')
  const chosen = ways.find(({ target }) => target === kept)
  const name = nameOf(graph, around, id)
  return (
    <QuestionDialog title={words.commands.removeTitle(name)} close={close}>
      <Stack gap="md">
        {ways.length > 1 && (
          <Radio.Group value={kept} onChange={keep} label={words.commands.removeWhich}>
            <Stack gap={8} mt={8}>
              {ways.map(({ target, label, first }) => (
                <Radio
                  key={target}
                  value={target}
                  label={<bdi>{words.commands.staysHere(label, first)}</bdi>}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {chosen && ways.length > 1 && <Text size="sm">{words.commands.goesToo(chosen.lost)}</Text>}
        <Inside ids={[id]} editing={editing} />
        <Removal
          close={close}
          remove={() =>
            builder.apply(removeStep(id, ways.length > 1 ? kept : undefined), {
              select: chosen === undefined ? [] : [chosen.target],
              say: words.commands.removed(name),
            })
          }
        />
      </Stack>
    </QuestionDialog>
  )
}

function RemoveSeveral({ ids, editing, close }: Asked & { readonly ids: readonly string[] }) {
  return (
    <QuestionDialog title={words.commands.removeSeveralTitle(ids.length)} close={close}>
      <Stack gap="md">
        <Inside ids={ids} editing={editing} />
        <Removal close={close} remove={() => removeAll(editing, ids)} />
      </Stack>
    </QuestionDialog>
  )
}

/** What becomes of the people who are at the steps that go. */
function Inside({ ids, editing }: Pick<Asked, 'editing'> & { readonly ids: readonly string[] }) {
  const count = insideOf(editing, ids)
  return count === 0 ? null : <Text size="sm">{words.commands.peopleInside(inPeople(count))}</Text>
}

function Removal({ remove, close }: Pick<Asked, 'close'> & { readonly remove: () => void }) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={close}>
        {words.notNow}
      </Button>
      <Button
        color="red"
        data-autofocus
        onClick={() => {
          close()
          remove()
        }}
      >
        {words.commands.removeYes}
      </Button>
    </Group>
  )
}

function LeadTo({ place, editing, close }: Asked & { readonly place: Place }) {
  const { builder, graph, around } = editing
  const draft = builder.get().history.present
  const from = place.from === 'step' ? place.step : null
  const choices = stepsOf(draft)
    .filter(([id]) => id !== from && id !== targetAt(draft, place))
    .map(([id, step]): Choice => {
      const kind = kindOf(step)
      return {
        id,
        name: nameOf(graph, around, id),
        about: STEP_KINDS[kind].name,
        icon: <Tile look={LOOKS[kind]} />,
      }
    })
  return (
    <QuestionDialog title={words.commands.leadToTitle} lead={words.commands.leadToLead} close={close}>
      <Picker
        groups={[{ name: words.commands.steps, choices }]}
        search={words.commands.searchStep}
        nothing={words.commands.noStep}
        onCancel={close}
        onChoose={(id) => {
          close()
          builder.apply(leadTo(place, id), { say: words.ways.continues(nameOf(graph, around, id)) })
        }}
      />
    </QuestionDialog>
  )
}

// ---- Commands and keys -------------------------------------------------------------------------------------------------

function AllCommands({ editing, close }: Asked) {
  const groups = useMemo(
    (): readonly ChoiceGroup<ActionName>[] => [
      {
        name: words.commands.commands,
        choices: listedActions()
          .filter(([id]) => id !== 'commands')
          .map(([id, { name, keys, hindrance }]) => ({
            id,
            name,
            aside: keys[0] === undefined ? null : <Keys of={keys[0]} />,
            hindrance: hindrance(editing),
          })),
      },
    ],
    [editing],
  )
  const choose = (id: ActionName) => {
    close()
    const action = listedActions().find(([name]) => name === id)?.[1]
    if (action) perform(editing, action)
  }
  return (
    <QuestionDialog title={words.commands.commands} close={close}>
      <Picker
        groups={groups}
        search={words.commands.search}
        nothing={words.commands.nothingFound}
        onCancel={close}
        onChoose={choose}
      />
    </QuestionDialog>
  )
}

function AllKeys({ close }: Asked) {
  return (
    <QuestionDialog title={words.commands.keysTitle} lead={words.commands.keysLead} close={close}>
      <Stack gap={6}>
        {[
          ...listedActions().map(([id, { name, keys }]) => ({ id: id as string, name, key: keys[0] ?? '' })),
          { id: 'copy', name: words.commands.copy, key: 'mod+c' },
          { id: 'cut', name: words.commands.cut, key: 'mod+x' },
          { id: 'paste', name: words.commands.paste, key: 'mod+v' },
          { id: 'open', name: words.commands.open, key: 'Enter' },
          { id: 'flow', name: words.commands.flow, key: 'Tab' },
        ].map(({ id, name, key }) => (
          <Group key={id} justify="space-between" gap="md" wrap="nowrap">
            <Text size="sm">{name}</Text>
            <Keys of={key} />
          </Group>
        ))}
      </Stack>
    </QuestionDialog>
  )
}

function Keys({ of }: { readonly of: string }) {
  return (
    <Group gap={4} wrap="nowrap" dir="ltr">
      {shownKey(of).map((part) => (
        <Kbd key={part} size="xs">
          {part}
        </Kbd>
      ))}
    </Group>
  )
}
