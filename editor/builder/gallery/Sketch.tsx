/** A journey as a small picture that nothing can be done with: to recognise it, or to compare two. */
import { useId } from 'react'
import { words } from '../../words.ts'
import type { Drawing, PlacedNode } from '../document/drawing.ts'
import type { Box } from '../document/geometry.ts'
import { widthOf } from '../document/measure.ts'
import { pathOf } from '../document/paths.ts'
import {
  ADD_TRIGGER,
  CARD_WIDTH,
  COLUMN_GAP,
  FRAME_PADDING,
  TRIGGER_GAP,
  triggerHeight,
} from '../document/sizes.ts'
import type { Mark } from '../publish/differences.ts'
import { GROUPS, LOOKS, TRIGGER_LOOK } from '../steps/looks.ts'
import styles from './Sketch.module.css'

const MARGIN = 16
/** Where the icons and the triggers of a card stand, as on the large drawing. */
const PADDING = 14
const TILE = 34
/** Lower places hold one line of words. */
const TWO_LINES = 42
/** How large a mark is written. */
const CORNER = 17
const TITLE = 37
const CHIP = 50
const CHIP_GAP = 12

export function Sketch({
  drawing,
  name,
  labelled = false,
  marks,
  most,
}: {
  readonly drawing: Drawing
  /** What it is a picture of, for those who do not see it. */
  readonly name: string
  /** With the words on the cards; else lines stand for them. */
  readonly labelled?: boolean
  /** What is told of a step by the border of its card, and in a word at its corner. */
  readonly marks?: ReadonlyMap<string, Mark>
  /** The least width and the greatest height of the part that is shown; the rest below fades out. */
  readonly most?: { readonly width: number; readonly height: number }
}) {
  const [arrow, fade] = [useId(), useId()]
  const shown = shownPart(drawing, most)
  const isCut = shown.height < drawing.height
  return (
    <svg
      className={styles['sketch']}
      viewBox={`${shown.x} ${shown.y} ${shown.width} ${shown.height}`}
      role="img"
      aria-label={name}
      direction="ltr"
    >
      <defs>
        <marker
          id={arrow}
          viewBox="-10 -5 10 10"
          markerWidth="11"
          markerHeight="11"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M -9 -4.5 L 0 0 L -9 4.5 Z" fill="var(--wire)" />
        </marker>
        {isCut && (
          <>
            <linearGradient id={`${fade}-shade`} x1="0" x2="0" y1="0.72" y2="1">
              <stop offset="0" stopColor="white" />
              <stop offset="1" stopColor="black" />
            </linearGradient>
            <mask id={fade} maskUnits="userSpaceOnUse" {...shown}>
              <rect {...shown} fill={`url(#${fade}-shade)`} />
            </mask>
          </>
        )}
      </defs>
      <g {...(isCut && { mask: `url(#${fade})` })}>
        {drawing.ways.map(({ id, kind, points }) => (
          <path
            key={id}
            className={styles['way']}
            d={pathOf(points)}
            strokeDasharray={kind === 'timeout' ? '7 6' : undefined}
            markerEnd={`url(#${arrow})`}
          />
        ))}
        {drawing.nodes.map((node) => (
          <g key={node.id} data-mark={marks?.get(node.id)}>
            <Node node={node} labelled={labelled} />
            {labelled && <Corner node={node} mark={marks?.get(node.id)} />}
          </g>
        ))}
      </g>
    </svg>
  )
}

/** The mark in a word, over the corner of the card. */
function Corner({ node: { x, y, width }, mark }: { readonly node: Box; readonly mark: Mark | undefined }) {
  if (mark === undefined) return null
  const word = words.publish.differences.marks[mark]
  const room = widthOf(word, CORNER) + 18
  return (
    <>
      <rect
        className={styles['corner']}
        x={x + width - room + 8}
        y={y - 15}
        width={room}
        height={28}
        rx={14}
      />
      <text
        className={styles['mark']}
        x={x + width - room / 2 + 8}
        y={y - 1}
        fontSize={CORNER}
        textAnchor="middle"
        dominantBaseline="central"
      >
        {word}
      </text>
    </>
  )
}

function shownPart(
  { x, y, width, height }: Drawing,
  most?: { readonly width: number; readonly height: number },
): Box {
  const whole = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN }
  if (most === undefined) return whole
  const wide = Math.max(whole.width, most.width)
  return {
    x: whole.x - (wide - whole.width) / 2,
    y: whole.y,
    width: wide,
    height: Math.min(whole.height, most.height),
  }
}

function Node({ node, labelled }: { readonly node: PlacedNode; readonly labelled: boolean }) {
  const { x, y, width, height } = node
  if (node.type === 'entry') return <Entry node={node} labelled={labelled} />
  const isEnd = node.type === 'step' && node.card.kind === 'end'
  const look = node.type === 'step' ? LOOKS[node.card.kind] : TRIGGER_LOOK
  // A bare end says so in a word, as on the large drawing.
  const isBare = node.type === 'step' && isEnd && node.card.label === undefined
  const title = node.type === 'step' ? (isBare ? node.card.kindName : node.card.title) : node.ending.title
  return (
    <>
      <rect
        className={styles['card']}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={isEnd ? height / 2 : 12}
      />
      {isEnd ? (
        <Words
          x={x + PADDING}
          y={y}
          width={width - 2 * PADDING}
          height={height}
          labelled={labelled}
          text={title}
        />
      ) : (
        <>
          <Picture x={x + PADDING} y={y + PADDING} look={look} />
          <Words
            x={x + PADDING + TILE + 12}
            y={y + 6}
            width={width - 2 * PADDING - TILE - 12}
            height={height - 12}
            labelled={labelled}
            text={title}
          />
        </>
      )}
    </>
  )
}

function Entry({
  node,
  labelled,
}: {
  readonly node: Extract<PlacedNode, { type: 'entry' }>
  readonly labelled: boolean
}) {
  const { x, y, width, height, entry, columns, hasRoom } = node
  const { triggers, goal, exits } = entry
  const inner = width - 2 * FRAME_PADDING
  const each = triggerHeight(triggers)
  const top = y + FRAME_PADDING + TITLE
  const rows = Math.ceil(triggers.length / columns)
  const below = top + rows * (each + TRIGGER_GAP) + (hasRoom ? 0 : ADD_TRIGGER)
  const chips = [
    { title: words.entry.goal, text: goal ?? words.canvas.frame.noGoal },
    {
      title: words.entry.exit,
      text: exits.length === 0 ? words.canvas.frame.noExit : words.canvas.anyOf(exits),
    },
  ]
  return (
    <>
      <rect className={styles['entry']} x={x} y={y} width={width} height={height} rx={18} />
      <Words
        x={x + FRAME_PADDING}
        y={y + 12}
        width={labelled ? inner : 220}
        height={38}
        labelled={labelled}
        text={words.entry.title}
      />
      {triggers.map(({ title, place }, index) => {
        const left = x + FRAME_PADDING + (index % columns) * (CARD_WIDTH + COLUMN_GAP)
        const at = top + Math.floor(index / columns) * (each + TRIGGER_GAP)
        return (
          <g key={`${place.event} ${place.index}`}>
            <rect className={styles['card']} x={left} y={at} width={CARD_WIDTH} height={each} rx={12} />
            <Picture x={left + PADDING} y={at + (each - TILE) / 2} look={TRIGGER_LOOK} />
            <Words
              x={left + 60}
              y={at}
              width={CARD_WIDTH - 74}
              height={each}
              labelled={labelled}
              text={title}
            />
          </g>
        )
      })}
      <Words
        x={x + FRAME_PADDING}
        y={below}
        width={inner}
        height={34}
        labelled={labelled}
        text={entry.reentry}
      />
      {chips.map(({ title, text }, index) => {
        const room = (inner - CHIP_GAP) / 2
        const left = x + FRAME_PADDING + index * (room + CHIP_GAP)
        return (
          <g key={title}>
            <rect
              className={styles['chip']}
              x={left}
              y={y + height - FRAME_PADDING - CHIP}
              width={room}
              height={CHIP}
              rx={10}
            />
            <Words
              x={left + PADDING}
              y={y + height - FRAME_PADDING - CHIP}
              width={room - 2 * PADDING}
              height={CHIP}
              labelled={labelled}
              text={`${title}: ${text}`}
            />
          </g>
        )
      })}
    </>
  )
}

function Picture({
  x,
  y,
  look: { icon: Symbol, group },
}: {
  readonly x: number
  readonly y: number
  readonly look: (typeof LOOKS)[keyof typeof LOOKS]
}) {
  const color = GROUPS[group]
  return (
    <>
      <rect x={x} y={y} width={TILE} height={TILE} rx={9} fill={`var(--mantine-color-${color}-light)`} />
      <Symbol
        x={x + 7}
        y={y + 7}
        size={20}
        stroke={1.8}
        color={`var(--mantine-color-${color}-light-color)`}
        aria-hidden
      />
    </>
  )
}

function Words({
  x,
  y,
  width,
  height,
  labelled,
  text,
}: {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly labelled: boolean
  readonly text: string
}) {
  if (labelled)
    return (
      <foreignObject x={x} y={y} width={Math.max(0, width)} height={height}>
        <div className={styles['words']} dir="auto">
          <span style={{ WebkitLineClamp: height < TWO_LINES ? 1 : 2 }}>{text}</span>
        </div>
      </foreignObject>
    )
  const middle = y + height / 2
  const lines = height > 50 ? [0.85, 0.55] : [0.7]
  return lines.map((share, line) => (
    <rect
      key={share}
      className={styles['line']}
      x={x}
      y={middle - (lines.length * 18) / 2 + line * 18 + 4}
      width={Math.max(0, width * share)}
      height={9}
      rx={4.5}
    />
  ))
}
