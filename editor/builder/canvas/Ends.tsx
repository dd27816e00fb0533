/** Where lines begin and end. xyflow draws no line without them; nobody sees them. */
import { Handle, Position } from '@xyflow/react'
import styles from './Canvas.module.css'

export function Ends() {
  return (
    <>
      <Handle
        type="target"
        position={Position.Top}
        isConnectable={false}
        className={styles['handle'] ?? ''}
      />
      <Handle
        type="source"
        position={Position.Bottom}
        isConnectable={false}
        className={styles['handle'] ?? ''}
      />
    </>
  )
}
