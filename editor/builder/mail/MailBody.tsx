/** What a mail says, part by part: each can be moved, removed and followed by another, by pointer and by keys. */
import { ActionIcon, Button, Group, Text } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconClick,
  IconGripVertical,
  IconH1,
  IconPhoto,
  IconTrash,
  IconTypography,
  type Icon,
} from '@tabler/icons-react'
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { MAX_BLOCKS } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useBuild } from '../state/context.tsx'
import { Section } from '../steps/Fields.tsx'
import { mergeName } from '../steps/typed.ts'
import {
  BLOCK_KINDS,
  blockKind,
  bodyOf,
  movedBlock,
  NEW_BLOCK,
  textOr,
  withBlock,
  withoutBlock,
  type BlockKind,
  type Params,
} from './content.ts'
import type { FieldGroup } from './fields.ts'
import { FieldText } from './FieldText.tsx'
import styles from './Mail.module.css'
import type { ReasonAt } from './reasons.ts'
import { useDragging, type Dragged } from './useDragging.ts'

const say = words.mail.blocks

const ICONS: { readonly [Kind in BlockKind]: Icon } = {
  heading: IconH1,
  text: IconTypography,
  button: IconClick,
  image: IconPhoto,
}

interface BodyProps {
  readonly params: Params
  readonly fields: readonly FieldGroup[]
  readonly reason: ReasonAt
  readonly onChange: (field: string, params: Params) => void
}

export function MailBody({ params, fields, reason, onChange }: BodyProps) {
  const body = bodyOf(params)
  const { say: announce } = useBuild()
  const list = useRef<HTMLOListElement>(null)
  const { keys, moveKey, removeKey } = useKeys(body.length)
  const focus = useFocusAfter(list)
  const { error } = reason(['body'])

  const set = (field: string, changed: readonly unknown[]) => onChange(`body ${field}`, { body: changed })
  const add = (kind: BlockKind) => {
    focus(body.length, '[contenteditable], input')
    set(`add ${body.length}`, [...body, NEW_BLOCK[kind]])
  }
  const move = (index: number, by: number) => {
    const changed = movedBlock(body, index, by)
    if (changed === body) return
    moveKey(index, by)
    focus(index + by, by < 0 ? '[data-way="up"]' : '[data-way="down"]')
    set(`move ${index} ${by}`, changed)
    announce(say.moved(index + by + 1))
  }
  const { dragged, grip } = useDragging(list, move)
  const remove = (index: number) => {
    removeKey(index)
    focus(Math.min(index, body.length - 2), '[data-way="remove"]')
    set(`remove ${index} of ${body.length}`, withoutBlock(body, index))
    announce(say.removed)
  }

  return (
    <Section title={words.mail.body}>
      {body.length === 0 && (
        <Text size="sm" c="dimmed">
          {say.empty}
        </Text>
      )}
      <ol className={styles['blocks']} ref={list}>
        {body.map((block, index) => (
          <BlockBox
            key={keys[index]}
            block={block}
            place={index + 1}
            isLast={index === body.length - 1}
            drag={dragOf(dragged, index)}
            {...(body.length > 1 ? { grip: grip(index) } : {})}
            fields={fields}
            reason={(path, source) => reason(['body', index, ...path], source)}
            onChange={(name, value, changed) =>
              set(mergeName(`${index} ${name}`, value), withBlock(body, index, changed))
            }
            onMove={(by) => move(index, by)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      {error !== undefined && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
      {body.length < MAX_BLOCKS ? (
        <Group gap={5}>
          {BLOCK_KINDS.map((kind) => {
            const Icon = ICONS[kind]
            return (
              <Button
                key={kind}
                size="compact-xs"
                variant="default"
                fw={500}
                leftSection={<Icon size={15} aria-hidden />}
                aria-label={say.addKind[kind]}
                onClick={() => add(kind)}
              >
                {say.kinds[kind]}
              </Button>
            )
          })}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {say.full}
        </Text>
      )}
    </Section>
  )
}

/** What a part shows while one is dragged: that it is the one, or on which side of it that goes. */
function dragOf(dragged: Dragged | null, index: number): 'held' | 'before' | 'after' | undefined {
  if (dragged === null) return undefined
  if (dragged.index === index) return 'held'
  if (dragged.to !== index || dragged.to === dragged.index) return undefined
  return dragged.to < dragged.index ? 'before' : 'after'
}

interface BlockProps {
  readonly block: unknown
  readonly place: number
  readonly isLast: boolean
  readonly fields: readonly FieldGroup[]
  readonly reason: ReasonAt
  readonly onChange: (name: string, value: string, block: unknown) => void
  readonly drag: ReturnType<typeof dragOf>
  /** Begins to drag it; absent where there is nowhere to go. */
  readonly grip?: (event: PointerEvent<HTMLElement>) => void
  readonly onMove: (by: number) => void
  readonly onRemove: () => void
}

function BlockBox({ block, place, isLast, drag, grip, onMove, onRemove, ...props }: BlockProps) {
  const kind = blockKind(block)
  const name = kind === undefined ? words.mail.body : say.kinds[kind]
  const Icon = kind === undefined ? IconTypography : ICONS[kind]
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!event.altKey || by === undefined) return
    event.preventDefault()
    onMove(by)
  }
  return (
    <li className={styles['block']} data-drag={drag} aria-label={say.part(name, place)} onKeyDown={onKeyDown}>
      <div className={styles['blockHead']}>
        <div
          className={styles['grip']}
          data-grip={grip !== undefined}
          {...(grip === undefined ? {} : { title: say.drag, onPointerDown: grip })}
        >
          {grip !== undefined && <IconGripVertical size={15} aria-hidden />}
          <Icon size={15} aria-hidden />
          <span>{name}</span>
        </div>
        <ActionIcon
          data-way="up"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={say.up(name, place)}
          aria-disabled={place === 1}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon
          data-way="down"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={say.down(name, place)}
          aria-disabled={isLast}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon
          data-way="remove"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={say.remove(name, place)}
          onClick={onRemove}
        >
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      </div>
      {kind === undefined ? (
        <Text size="sm" c="dimmed">
          {say.unknown}
        </Text>
      ) : (
        <BlockFields {...props} block={block as Params} kind={kind} />
      )}
    </li>
  )
}

function BlockFields({
  block,
  kind,
  fields,
  reason,
  onChange,
}: Pick<BlockProps, 'fields' | 'reason' | 'onChange'> & {
  readonly block: Params
  readonly kind: BlockKind
}) {
  const set = (name: string, value: string) => onChange(name, value, { ...block, [name]: value })
  const text = (name: string) => {
    const value = textOr(block[name], '')
    return {
      value,
      fields,
      ...reason([name], value),
      onChange: (changed: string) => set(name, changed),
    }
  }
  switch (kind) {
    case 'heading':
      return <FieldText label={say.heading} isLabelled {...text('heading')} />
    case 'text':
      return (
        <FieldText
          label={say.text}
          isLabelled
          placeholder={say.textHint}
          lines={4}
          hasMarkup
          {...text('text')}
        />
      )
    case 'button':
      return (
        <>
          <FieldText label={say.button} {...text('button')} />
          <FieldText label={say.url} placeholder={say.urlPlaceholder} {...text('url')} />
        </>
      )
    case 'image': {
      const { url: _url, ...without } = block
      return (
        <>
          <FieldText
            label={say.image}
            hint={say.imageHint}
            placeholder={say.urlPlaceholder}
            {...text('image')}
          />
          <FieldText label={say.alt} hint={say.altHint} {...text('alt')} />
          <FieldText
            label={say.imageUrl}
            hint={say.imageUrlHint}
            placeholder={say.urlPlaceholder}
            {...text('url')}
            onChange={(url) => onChange('url', url, url === '' ? without : { ...block, url })}
          />
        </>
      )
    }
  }
}

/** Parts have no ids of their own: these stay with them while they are moved, so that the caret and the focus do. */
function useKeys(length: number) {
  const [known, setKeys] = useState<readonly number[]>([])
  const keys = known.length === length ? known : ofLength(known, length)
  if (keys !== known) setKeys(keys)
  return {
    keys,
    moveKey: (index: number, by: number) =>
      setKeys(keys.toSpliced(index, 1).toSpliced(index + by, 0, ...keys.slice(index, index + 1))),
    removeKey: (index: number) => setKeys(keys.toSpliced(index, 1)),
  }
}

function ofLength(keys: readonly number[], length: number): readonly number[] {
  const next = Math.max(-1, ...keys) + 1
  return Array.from({ length }, (_, index) => keys[index] ?? next + index)
}

/** Puts the focus where a person goes on, once the change is to be seen. */
function useFocusAfter(list: { readonly current: HTMLElement | null }) {
  const wanted = useRef<{ readonly index: number; readonly selector: string } | null>(null)
  useLayoutEffect(() => {
    if (!wanted.current) return
    const { index, selector } = wanted.current
    wanted.current = null
    list.current?.children[index]?.querySelector<HTMLElement>(selector)?.focus()
  })
  return (index: number, selector: string) => {
    wanted.current = { index, selector }
  }
}
