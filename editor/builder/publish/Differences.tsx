/** What is different between two versions, step by step: in colour and in words. */
import { Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { stepsOf, type Journey } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import type { Draft } from '../document/draft.ts'
import { useSurroundings } from '../drawn.ts'
import { differencesOf, type Difference, type Mark } from './differences.ts'
import { DrawnDifference } from './DrawnDifference.tsx'
import { MARK_LOOKS } from './marks.ts'
import styles from './Publish.module.css'

/** So many are shown at first. */
const FEW = 6

/** What the draft changes against what is published. */
export function WhatChanges({
  published,
  draft,
}: {
  readonly published: Journey | null
  readonly draft: Draft
}) {
  if (published === null)
    return <Text size="sm">{words.publish.differences.first(stepsOf(draft).length)}</Text>
  const { differences: said } = words.publish
  return <Differences before={published} after={draft} names={[said.published, said.draft]} />
}

/** What is different, as a list; drawn where somebody asks for it, or at once. */
export function Differences({
  before,
  after,
  names,
  drawn = false,
}: {
  readonly before: Journey
  readonly after: Journey
  readonly names: readonly [before: string, after: string]
  readonly drawn?: boolean
}) {
  const [old, now] = [useSurroundings(before), useSurroundings(after)]
  const differences = useMemo(() => differencesOf(old, now), [old, now])
  const [all, setAll] = useState(false)
  const [isDrawn, setDrawn] = useState(drawn)
  const said = words.publish.differences
  if (differences.length === 0) return <Text size="sm">{said.none}</Text>
  const shown = all ? differences : differences.slice(0, FEW)
  return (
    <>
      <ul className={styles['differences']}>
        {shown.map((difference) => (
          <li key={`${difference.mark} ${difference.id}`}>
            <MarkChip mark={difference.mark} />
            <What difference={difference} />
          </li>
        ))}
      </ul>
      <Group gap={8}>
        {shown.length < differences.length && (
          <Button size="compact-sm" variant="default" onClick={() => setAll(true)}>
            {said.more(differences.length - shown.length)}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={isDrawn}
          onClick={() => setDrawn(!isDrawn)}
        >
          {isDrawn ? said.hide : said.draw}
        </Button>
      </Group>
      {isDrawn && <DrawnDifference before={old} after={now} names={names} differences={differences} />}
    </>
  )
}

/** New, changed or removed: in words, with its colour and sign. */
function MarkChip({ mark }: { readonly mark: Mark }) {
  const { color, icon: Symbol } = MARK_LOOKS[mark]
  return (
    <span
      className={styles['mark']}
      style={{
        background: `var(--mantine-color-${color}-light)`,
        color: `var(--mantine-color-${color}-light-color)`,
      }}
    >
      <Symbol size={13} stroke={2.2} aria-hidden /> {words.publish.differences.marks[mark]}
    </span>
  )
}

function What({ difference: { title, from, to, what, mark } }: { readonly difference: Difference }) {
  const said = words.publish.differences
  return (
    <div className={styles['what']}>
      <strong>
        <bdi>{title}</bdi>
      </strong>
      {what !== undefined && what.length > 0 && <span>{words.steps.and(what)}</span>}
      {mark === 'changed' && from !== undefined && to !== undefined ? (
        <span>
          <VisuallyHidden>{said.from}: </VisuallyHidden>
          <del>
            <bdi>{from}</bdi>
          </del>{' '}
          <IconArrowRight className={styles['arrow']} size={14} aria-hidden />{' '}
          <VisuallyHidden>{said.to}: </VisuallyHidden>
          <ins>
            <bdi>{to}</bdi>
          </ins>
        </span>
      ) : (
        (to ?? from) !== undefined && (
          <span>
            <bdi>{to ?? from}</bdi>
          </span>
        )
      )}
    </div>
  )
}
