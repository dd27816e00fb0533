/** The drawing: a one-way projection of the laid-out journey onto xyflow. Nothing here can be changed, only looked at. */
import { ActionIcon, useComputedColorScheme } from '@mantine/core'
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import {
  Background,
  BackgroundVariant,
  MarkerType,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Node,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { words } from '../../words.ts'
import { ENTRY } from '../document/frame.ts'
import type { Box, Drawing, PlacedNode, PlacedWay } from '../document/layout.ts'
import styles from './Canvas.module.css'
import { EndingNode, EntryNode, type EndingNodeType, type EntryNodeType } from './EntryNode.tsx'
import { StepNode, type StepNodeType } from './StepNode.tsx'
import { firstView } from './view.ts'
import { WayEdge, type WayEdgeType } from './WayEdge.tsx'

type CanvasNode = StepNodeType | EntryNodeType | EndingNodeType

interface CanvasProps {
  readonly drawing: Drawing
  readonly name: string
  /** How a node is called, for those who hear the drawing. */
  readonly nameOf: (id: string) => string
  readonly people: Readonly<Record<string, number>>
  readonly selected: string | null
  readonly onSelect: (step: string | null) => void
}

const NODE_TYPES = { step: StepNode, entry: EntryNode, ending: EndingNode }
const EDGE_TYPES = { way: WayEdge }
const ARROW = { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--wire)' } as const
const MOVE = 250
const ROUND = { top: '60px', bottom: '24px', left: '64px', right: '24px' } as const

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Flow {...props} />
    </ReactFlowProvider>
  )
}

function Flow({ drawing, name, nameOf, people, selected, onSelect }: CanvasProps) {
  const frame = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const nodes = useMemo(
    () => drawing.nodes.map((node) => flowNode(node, people, selected, nameOf(node.id))),
    [drawing, people, selected, nameOf],
  )
  const edges = useMemo(
    () => drawing.ways.map((way) => flowEdge(way, words.ways.fromTo(nameOf(way.from), nameOf(way.to)))),
    [drawing, nameOf],
  )
  useShown(drawing, selected, frame)
  return (
    <div className={styles['canvas']} ref={frame} dir="ltr">
      <ReactFlow<CanvasNode, WayEdgeType>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.2}
        maxZoom={1.5}
        onNodeClick={(_, node) => onSelect(node.type === 'step' ? node.id : null)}
        onPaneClick={() => onSelect(null)}
        aria-label={words.journeys.drawingOf(name)}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} color="var(--line-strong)" />
      </ReactFlow>
      <Controls />
    </div>
  )
}

/** Begins at the top, as large as fits; goes to a step that is chosen outside of what can be seen. */
function useShown(drawing: Drawing, selected: string | null, frame: RefObject<HTMLDivElement | null>) {
  const { setViewport, setCenter, getViewport } = useReactFlow()
  const { width, height } = drawing
  const entryCentre = centreOf(drawing.nodes.find(({ id }) => id === ENTRY))
  useEffect(() => {
    const size = frame.current?.getBoundingClientRect()
    if (size && size.width > 0) void setViewport(firstView({ width, height }, entryCentre, size))
  }, [width, height, entryCentre, setViewport, frame])
  useEffect(() => {
    const node = drawing.nodes.find(({ id }) => id === selected)
    const size = frame.current?.getBoundingClientRect()
    if (node === undefined || !size || isInside(node, getViewport(), size)) return
    void setCenter(node.x + node.width / 2, node.y + node.height / 2, {
      zoom: getViewport().zoom,
      duration: calm() ? 0 : MOVE,
    })
  }, [selected, drawing, setCenter, getViewport, frame])
}

function centreOf(box: Box | undefined): number {
  return box ? box.x + box.width / 2 : 0
}

function isInside(
  box: Box,
  { x, y, zoom }: { readonly x: number; readonly y: number; readonly zoom: number },
  size: { readonly width: number; readonly height: number },
): boolean {
  const left = box.x * zoom + x
  const top = box.y * zoom + y
  return (
    left >= 0 && top >= 0 && left + box.width * zoom <= size.width && top + box.height * zoom <= size.height
  )
}

function calm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches
}

function flowNode(
  node: PlacedNode,
  people: CanvasProps['people'],
  selected: string | null,
  ariaLabel: string,
): CanvasNode {
  const { id, x, y, width, height } = node
  const base = {
    id,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    ariaLabel,
    draggable: false,
    connectable: false,
  } satisfies Partial<Node>
  switch (node.type) {
    case 'entry':
      return { ...base, type: 'entry', selectable: false, data: { entry: node.entry, columns: node.columns } }
    case 'ending':
      return { ...base, type: 'ending', selectable: false, data: { ending: node.ending } }
    case 'step':
      return {
        ...base,
        type: 'step',
        selected: id === selected,
        data: { card: node.card, people: people[id] ?? 0 },
      }
  }
}

function flowEdge(way: PlacedWay, ariaLabel: string): WayEdgeType {
  return {
    id: way.id,
    type: 'way',
    source: way.from,
    target: way.to,
    data: { way },
    selectable: false,
    markerEnd: ARROW,
    ariaLabel,
  }
}

function Controls() {
  const { zoomIn, zoomOut, fitView } = useReactFlow()
  const duration = calm() ? 0 : MOVE
  return (
    <div className={styles['controls']}>
      <Control name={words.journeys.zoomIn} icon={<IconPlus size={17} />} act={() => zoomIn({ duration })} />
      <Control
        name={words.journeys.zoomOut}
        icon={<IconMinus size={17} />}
        act={() => zoomOut({ duration })}
      />
      <Control
        name={words.journeys.fit}
        icon={<IconArrowsMaximize size={17} />}
        act={() => fitView({ duration, padding: ROUND, maxZoom: 1 })}
      />
    </div>
  )
}

function Control({
  name,
  icon,
  act,
}: {
  readonly name: string
  readonly icon: React.ReactNode
  readonly act: () => unknown
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      radius={0}
      size={34}
      aria-label={name}
      title={name}
      onClick={() => void act()}
    >
      {icon}
    </ActionIcon>
  )
}
