/** A way from one card to the next: its line, and its label in the words of the author or of the condition. */
import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react'
import type { PlacedWay } from '../document/layout.ts'
import { pathOf } from '../document/paths.ts'
import styles from './Canvas.module.css'

export type WayEdgeType = Edge<{ readonly way: PlacedWay }, 'way'>

export function WayEdge({ data, markerEnd }: EdgeProps<WayEdgeType>) {
  if (data === undefined) return null
  const { way } = data
  const dashed = way.kind === 'timeout'
  return (
    <>
      <BaseEdge
        path={pathOf(way.points)}
        className={`${styles['way']} ${dashed ? styles['timeout'] : ''}`}
        {...(markerEnd === undefined ? {} : { markerEnd })}
      />
      {way.labelBox && (
        <EdgeLabelRenderer>
          <div
            className={`${styles['wayLabel']} ${dashed ? styles['dashed'] : ''}`}
            style={{
              transform: `translate(-50%, -50%) translate(${way.labelBox.x}px, ${way.labelBox.y}px)`,
              width: 'max-content',
            }}
            dir="auto"
            title={way.label}
          >
            {way.kind === 'back' ? '↺ ' : ''}
            {way.label}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
}
