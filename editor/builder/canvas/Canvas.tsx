/** The drawing, in which the journey is built. What is drawn is computed from the file; what is done goes through its commands. */
import { useComputedColorScheme } from '@mantine/core'
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider, useStore } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useCallback, useMemo, useRef, useState, type MouseEvent } from 'react'
import { words } from '../../words.ts'
import { useEditing } from '../commands/EditingProvider.tsx'
import { nameOf, type Graph } from '../document/graph.ts'
import type { Surroundings } from '../document/sentences.ts'
import { Palette } from '../palette/Palette.tsx'
import { useBuild, useBuilder } from '../state/context.tsx'
import { AddMenu, type Asked } from './AddMenu.tsx'
import styles from './Canvas.module.css'
import { Carried } from './Carried.tsx'
import { Controls, SMALLEST_ZOOM } from './Controls.tsx'
import { EndingNode, EntryNode } from './EntryNode.tsx'
import { createHand, HandProvider, useHand, useHeld } from './hand.ts'
import { Notice, useNotice } from './Notice.tsx'
import type { CanvasNode } from './projection.ts'
import { Several } from './Several.tsx'
import { StepNode } from './StepNode.tsx'
import { ToolsProvider } from './tools.ts'
import { useCanvasTools } from './useCanvasTools.ts'
import { useDrawing, useFlow } from './useFlow.ts'
import { useFocusKeys } from './useFocusKeys.ts'
import { useMoving } from './useMoving.ts'
import { useAnchor, useShown } from './useShown.ts'
import { Ways } from './Ways.tsx'

const NODE_TYPES = { step: StepNode, entry: EntryNode, ending: EndingNode }
/** Below this nobody can read sentences. */
const FAR = 0.5

export interface CanvasProps {
  readonly editable: boolean
  readonly problems: ReadonlyMap<string, 'error' | 'warning'>
  /** A step was opened, so that its form takes the focus. */
  readonly onOpen: () => void
}

export function Canvas(props: CanvasProps) {
  const [hand] = useState(createHand)
  return (
    <HandProvider value={hand}>
      <ReactFlowProvider>
        <Flow {...props} />
      </ReactFlowProvider>
    </HandProvider>
  )
}

/** How cards are called; of a large journey all names are asked for at once. */
function useNames(graph: Graph, around: Surroundings): (id: string) => string {
  const titles = useMemo(() => new Map(graph.cards.map(({ id, title }) => [id, title])), [graph])
  return useCallback((id) => titles.get(id) ?? nameOf(graph, around, id), [titles, graph, around])
}

function Flow({ editable, problems, onOpen }: CanvasProps) {
  const { graph, around, people } = useEditing()
  const builder = useBuild()
  const hand = useHand()
  const frame = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const selection = useBuilder(({ selection }) => selection)
  const [asked, ask] = useState<Asked | null>(null)
  const notice = useNotice()
  const name = useNames(graph, around)
  const moving = useMoving(builder)
  const drawing = useDrawing(graph, useAnchor(frame))
  const shown = { selection, people, problems, nameOf: name, editable }
  const { nodes, ways, joins } = useFlow(drawing, graph, shown, moving.dragged)
  const { goTo } = useShown(drawing, frame)
  const tools = useCanvasTools({ editable, frame, ask, tell: notice.tell, goTo })
  const keys = useFocusKeys(frame, goTo, onOpen)
  const { held } = useHeld()
  const isFar = useStore(({ transform }) => transform[2] < FAR)
  return (
    <ToolsProvider value={tools}>
      <div
        ref={frame}
        className={[
          styles['canvas'],
          isFar ? styles['far'] : '',
          moving.dragged.size > 0 ? styles['still'] : '',
          held === null ? '' : styles[held.type === 'kind' ? 'placing' : 'leading'],
        ].join(' ')}
        tabIndex={-1}
        dir="ltr"
        {...keys}
      >
        <ReactFlow<CanvasNode>
          nodes={nodes}
          nodeTypes={NODE_TYPES}
          colorMode={scheme}
          onlyRenderVisibleElements
          nodesDraggable={editable}
          nodesConnectable={false}
          nodesFocusable={false}
          selectNodesOnDrag={false}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={null}
          deleteKeyCode={null}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          nodeDragThreshold={4}
          panOnScroll
          minZoom={SMALLEST_ZOOM}
          maxZoom={1.5}
          onNodeClick={(event, node) => clickNode(event, node)}
          onPaneClick={() => builder.select([])}
          aria-label={words.journeys.drawingOf(around.journey.meta.name)}
          {...moving.handlers(drawing)}
        >
          <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} color="var(--line-strong)" />
          <Ways ways={ways} joins={joins} />
        </ReactFlow>
        {editable && <Palette startsOpen={window.innerWidth >= 1700} />}
        <Controls drawing={drawing} frame={frame} editable={editable} tell={notice.tell} />
        <Carried />
        {editable && <Several />}
        <Notice {...notice} />
        {asked && (
          <AddMenu
            asked={asked}
            close={() => ask(null)}
            choose={(kind) => {
              ask(null)
              tools.insert(asked.place, kind)
            }}
          />
        )}
      </div>
    </ToolsProvider>
  )

  function clickNode(event: MouseEvent, { id, type }: CanvasNode) {
    if (type !== 'step') return
    const { held } = hand.get()
    if (held?.type === 'way') {
      hand.drop()
      tools.lead(held.place, id)
    } else tools.select(id, event.shiftKey || event.metaKey || event.ctrlKey)
  }
}
