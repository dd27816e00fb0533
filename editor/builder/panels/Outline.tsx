/** The journey as a list: the same cards and words as the drawing, for narrow screens and for those who listen. */
import { IconArrowBackUp, IconArrowRight, IconRepeat, IconUser } from '@tabler/icons-react'
import { Fragment } from 'react'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import { Rules } from '../canvas/EntryNode.tsx'
import { PointsChip } from '../canvas/PointsChip.tsx'
import { Tile } from '../canvas/Tile.tsx'
import { ENTRY, type Card, type Entry, type Graph } from '../document/graph.ts'
import { outlineOf, type OutlineBranch, type OutlineItem } from '../document/outline.ts'
import { LOOKS, TRIGGER_LOOK } from '../steps/looks.ts'
import styles from './Outline.module.css'

interface OutlineProps {
  readonly graph: Graph
  readonly nameOf: (id: string) => string
  readonly people: Readonly<Record<string, number>>
  readonly selected: string | null
  readonly onSelect: (step: string) => void
}

export function Outline(props: OutlineProps) {
  const { beginnings, loose } = outlineOf(props.graph)
  return (
    <div>
      {beginnings.map(({ id, branches }) => (
        <Fragment key={id}>
          {id === ENTRY ? <EntryBox entry={props.graph.entry} /> : <EndingBox id={id} graph={props.graph} />}
          <Branches branches={branches} triggers={id === ENTRY ? props.graph.entry : undefined} {...props} />
        </Fragment>
      ))}
      {loose.length > 0 && <Loose chains={loose} {...props} />}
    </div>
  )
}

function Loose({
  chains,
  ...props
}: OutlineProps & { readonly chains: ReturnType<typeof outlineOf>['loose'] }) {
  return (
    <section className={styles['entry']} style={{ marginTop: 16 }} aria-label={words.ways.nothingLeads}>
      <h2 className={styles['entryTitle']}>{words.ways.nothingLeads}</h2>
      {chains.map((items) => (
        <Items key={items[0]?.type === 'step' ? items[0].card.id : ''} items={items} {...props} />
      ))}
    </section>
  )
}

function EntryBox({ entry }: { readonly entry: Entry }) {
  return (
    <section className={styles['entry']} aria-label={words.entry.title}>
      <h2 className={styles['entryTitle']}>{words.entry.title}</h2>
      {entry.triggers.map(({ title, detail, target }, index) => (
        <Fragment key={`${title}, ${detail} → ${target}`}>
          {index > 0 && <div className={styles['or']}>{words.entry.or}</div>}
          <div className={styles['trigger']}>
            <Tile look={TRIGGER_LOOK} />
            <div>
              <span className={styles['label']} dir="auto">
                {title}
              </span>
              <span className={styles['sentence']} dir="auto">
                {detail}
              </span>
            </div>
          </div>
        </Fragment>
      ))}
      <Rules entry={entry} />
    </section>
  )
}

function EndingBox({ id, graph }: { readonly id: string; readonly graph: Graph }) {
  const ending = graph.endings.find((candidate) => candidate.id === id)
  if (ending === undefined) return null
  return (
    <section className={styles['entry']} style={{ marginTop: 16 }} aria-label={ending.title}>
      <h2 className={styles['entryTitle']} style={{ margin: 0 }}>
        {ending.title}
      </h2>
      <span className={styles['sentence']} dir="auto">
        {ending.condition}
      </span>
    </section>
  )
}

/** One way without a label is no branch: what follows simply stands below. */
function Branches({
  branches,
  triggers,
  ...props
}: OutlineProps & { readonly branches: readonly OutlineBranch[]; readonly triggers: Entry | undefined }) {
  const [only] = branches
  if (branches.length === 1 && only && only.way.label === undefined && only.way.trigger === undefined)
    return <Items items={only.items} {...props} />
  return (
    <ul className={styles['branches']}>
      {branches.map(({ way, items }) => (
        <li key={way.id} className={`${styles['branch']} ${way.kind === 'timeout' ? styles['timeout'] : ''}`}>
          <span className={styles['way']} dir="auto">
            {way.label ??
              (way.trigger === undefined ? words.ways.next : triggers?.triggers[way.trigger]?.title)}
          </span>
          <Items items={items} {...props} />
        </li>
      ))}
    </ul>
  )
}

function Items({ items, ...props }: OutlineProps & { readonly items: readonly OutlineItem[] }) {
  return (
    <ol className={styles['list']}>
      {items.map((item) => (
        <li key={item.type === 'step' ? item.card.id : `→ ${item.to}`}>
          {item.via !== undefined && (
            <span className={styles['via']} dir="auto">
              {item.via}
            </span>
          )}
          {item.type === 'step' ? <StepItem item={item} {...props} /> : <Reference item={item} {...props} />}
        </li>
      ))}
    </ol>
  )
}

function StepItem({
  item: { card, branches },
  ...props
}: OutlineProps & { readonly item: Extract<OutlineItem, { type: 'step' }> }) {
  return (
    <>
      <button
        type="button"
        className={styles['step']}
        aria-current={props.selected === card.id}
        onClick={() => props.onSelect(card.id)}
      >
        <Tile look={LOOKS[card.kind]} />
        <StepText card={card} open={props.selected === card.id} />
        <span className={styles['aside']}>
          {card.points && <PointsChip points={card.points} />}
          <People count={props.people[card.id] ?? 0} />
        </span>
      </button>
      {branches.length > 0 && <Branches branches={branches} triggers={undefined} {...props} />}
    </>
  )
}

function StepText({
  card: { kind, kindName, label, sentence, note },
  open,
}: {
  readonly card: Card
  readonly open: boolean
}) {
  return (
    <span>
      <span className={styles['kind']}>{kindName}</span>
      {label !== undefined && (
        <span className={styles['label']} dir="auto">
          {label}
        </span>
      )}
      {(kind !== 'end' || label === undefined) && (
        <span className={styles['sentence']} dir="auto">
          {sentence}
        </span>
      )}
      {open && note !== undefined && (
        <span className={styles['note']} dir="auto">
          {note}
        </span>
      )}
    </span>
  )
}

function People({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <span className={styles['people']} title={words.steps.hereNow(count)}>
      <IconUser size={12} stroke={2.4} aria-hidden /> {number(count)}
    </span>
  )
}

const REFERENCES = {
  joins: { icon: IconArrowRight, say: words.ways.continues },
  back: { icon: IconArrowBackUp, say: words.ways.goesBack },
  itself: { icon: IconRepeat, say: () => words.ways.stays },
} as const

function Reference({
  item: { to, how },
  nameOf,
  onSelect,
}: OutlineProps & { readonly item: Extract<OutlineItem, { type: 'reference' }> }) {
  const { icon: Symbol, say } = REFERENCES[how]
  return (
    <button type="button" className={styles['reference']} onClick={() => onSelect(to)}>
      <Symbol size={15} aria-hidden />
      <bdi>{say(nameOf(to))}</bdi>
    </button>
  )
}
