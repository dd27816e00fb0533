/** Zoom and fit; the keys and the list of all commands do the same. */
import { ActionIcon } from '@mantine/core'
import { IconArrowsMaximize, IconMinus, IconPlus, IconSparkles } from '@tabler/icons-react'
import { useReactFlow } from '@xyflow/react'
import { useEffect, useMemo, useRef, type ReactNode, type RefObject } from 'react'
import { words } from '../../words.ts'
import { ACTIONS, perform, type View } from '../commands/actions.ts'
import { useEditing, useView } from '../commands/EditingProvider.tsx'
import type { Drawing } from '../document/drawing.ts'
import styles from './Canvas.module.css'
import { motion, wholeView } from './view.ts'

export const SMALLEST_ZOOM = 0.1

export function Controls({
  drawing,
  frame,
  editable,
  tell,
}: {
  readonly drawing: Drawing
  readonly frame: RefObject<HTMLDivElement | null>
  readonly editable: boolean
  readonly tell: View['tell']
}) {
  const editing = useEditing()
  const { zoomIn, zoomOut, setViewport } = useReactFlow()
  const latest = useRef(drawing)
  useEffect(() => {
    latest.current = drawing
  }, [drawing])
  const view = useMemo((): View => {
    return {
      tell,
      zoomIn: () => void zoomIn(motion()),
      zoomOut: () => void zoomOut(motion()),
      fit: () => {
        const size = frame.current?.getBoundingClientRect()
        if (size) void setViewport(wholeView(latest.current, size, SMALLEST_ZOOM), motion())
      },
    }
  }, [zoomIn, zoomOut, setViewport, frame, tell])
  useView(view)
  const isMoved = editing.graph.cards.some(({ offset }) => offset !== undefined)
  return (
    <div className={styles['controls']}>
      {editable && isMoved && (
        <Control
          name={words.commands.tidy}
          icon={<IconSparkles size={17} />}
          act={() => perform(editing, ACTIONS.tidy)}
        />
      )}
      <Control name={words.journeys.zoomIn} icon={<IconPlus size={17} />} act={view.zoomIn} />
      <Control name={words.journeys.zoomOut} icon={<IconMinus size={17} />} act={view.zoomOut} />
      <Control name={words.journeys.fit} icon={<IconArrowsMaximize size={17} />} act={view.fit} />
    </div>
  )
}

function Control({
  name,
  icon,
  act,
}: {
  readonly name: string
  readonly icon: ReactNode
  readonly act: () => void
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      radius={0}
      size={34}
      aria-label={name}
      title={name}
      onClick={act}
    >
      {icon}
    </ActionIcon>
  )
}
