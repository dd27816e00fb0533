/** The ways between the cards: their lines, what is written on them, and the places where a step can be put into them. */
import { IconArrowRight } from '@tabler/icons-react'
import { EdgeLabelRenderer, useStore } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { words } from '../../words.ts'
import type { PlacedWay } from '../document/drawing.ts'
import type { Box, Point } from '../document/geometry.ts'
import { pathOf } from '../document/paths.ts'
import { backText } from '../document/sizes.ts'
import styles from './Canvas.module.css'
import { Plus } from './Plus.tsx'
import type { ShownJoin, ShownWay } from './projection.ts'
import { useTools } from './tools.ts'

/** Below the cards. Only what can be seen is drawn, and a little around it. */
export function Ways({
  ways,
  joins,
}: {
  readonly ways: readonly ShownWay[]
  readonly joins: readonly ShownJoin[]
}) {
  const seen = useSeen()
  const { editable } = useTools()
  const shown = useMemo(() => ways.filter(({ way }) => meets(way, seen)), [ways, seen])
  const shownJoins = useMemo(() => joins.filter(({ join: { plus } }) => isIn(plus, seen)), [joins, seen])
  return (
    <EdgeLabelRenderer>
      <svg className={styles['lines']} aria-hidden>
        <defs>
          <marker
            id="arrow"
            viewBox="-10 -5 10 10"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M -9 -4.5 L 0 0 L -9 4.5 Z" fill="var(--wire)" />
          </marker>
        </defs>
        {shown.map(({ way }) => (
          <Line key={way.id} way={way} />
        ))}
      </svg>
      {shown.map((each) => (
        <Written key={each.way.id} shown={each} editable={editable} />
      ))}
      {editable &&
        shownJoins.map(({ join: { id, place, plus }, plusName }) => (
          <Plus key={id} id={id} place={place} at={plus} name={plusName} title={plusName} />
        ))}
    </EdgeLabelRenderer>
  )
}

const Line = memo(function Line({ way: { kind, points, sign } }: { readonly way: PlacedWay }) {
  const endsBeside = kind === 'back' && sign !== undefined
  return (
    <path
      d={pathOf(points)}
      className={`${styles['way']} ${kind === 'timeout' ? styles['timeout'] : ''}`}
      {...(endsBeside ? {} : { markerEnd: 'url(#arrow)' })}
    />
  )
})

const Written = memo(function Written({
  shown: { way, plusName },
  editable,
}: {
  readonly shown: ShownWay
  readonly editable: boolean
}) {
  return (
    <>
      {way.labelBox && <Label way={way} box={way.labelBox} />}
      {way.sign && way.kind !== 'back' && <GoesOn way={way} box={way.sign} />}
      {editable && way.from !== way.to && (
        <Plus id={way.id} place={way.place} at={way.plus} name={plusName} />
      )}
    </>
  )
})

/** What is written on a way. On a way back it leads to where that goes, for its line may end here. */
function Label({ way, box }: { readonly way: PlacedWay; readonly box: Box }) {
  const { goTo, select } = useTools()
  const className = `${styles['wayLabel']} ${way.kind === 'timeout' ? styles['dashed'] : ''}`
  const isBack = way.kind === 'back'
  const text = isBack ? `↺ ${backText(way)}` : (way.label ?? '')
  return (
    <button
      type="button"
      className={`${className} nodrag nopan`}
      style={at(box)}
      tabIndex={-1}
      title={text}
      onClick={() => (isBack && way.from !== way.to ? goTo(way.to) : select(way.from, false))}
    >
      <span dir="auto">{text}</span>
    </button>
  )
}

/** Where a way goes on that is not drawn any further. */
function GoesOn({ way: { to, leadsTo }, box }: { readonly way: PlacedWay; readonly box: Box }) {
  const { goTo } = useTools()
  return (
    <button
      type="button"
      className={`${styles['sign']} nodrag nopan`}
      style={{ ...at(box), width: box.width }}
      tabIndex={-1}
      title={words.canvas.goesOn(leadsTo)}
      onClick={() => goTo(to)}
    >
      <IconArrowRight size={14} stroke={2} aria-hidden />
      <span dir="auto">{words.canvas.goesOn(leadsTo)}</span>
    </button>
  )
}

function at({ x, y }: Box) {
  return { transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }
}

// ---- What can be seen ------------------------------------------------------------------------------------------------

interface Seen {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** In steps as large as this, so that moving the view a little draws nothing anew. */
const STEP = 400

/** The part of the drawing that can be seen, rounded outwards. */
function useSeen(): Seen {
  const key = useStore(({ transform: [x, y, zoom], width, height }) =>
    [
      Math.floor(-x / zoom / STEP) - 1,
      Math.floor(-y / zoom / STEP) - 1,
      Math.ceil((width - x) / zoom / STEP) + 1,
      Math.ceil((height - y) / zoom / STEP) + 1,
    ].join(' '),
  )
  return useMemo(() => {
    const [left = 0, top = 0, right = 0, bottom = 0] = key.split(' ').map((each) => Number(each) * STEP)
    return { left, top, right, bottom }
  }, [key])
}

function meets({ points, labelBox, sign }: PlacedWay, seen: Seen): boolean {
  const places = [...points, ...(labelBox ? [labelBox] : []), ...(sign ? [sign] : [])]
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)]
  return (
    Math.min(...xs) < seen.right &&
    Math.max(...xs) > seen.left &&
    Math.min(...ys) < seen.bottom &&
    Math.max(...ys) > seen.top
  )
}

function isIn({ x, y }: Point, { left, right, top, bottom }: Seen): boolean {
  return x < right && x > left && y < bottom && y > top
}
