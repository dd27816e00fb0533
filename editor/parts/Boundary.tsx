/** A defect in one page must not take the others with it: says so, and offers to reload. React asks for a class here. */
import { Button } from '@mantine/core'
import { IconMoodConfuzed } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { words } from '../words.ts'
import { Empty } from './States.tsx'

interface BoundaryProps {
  readonly children: ReactNode
}

export class Boundary extends Component<BoundaryProps, { readonly crashed: boolean }> {
  override readonly state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <Empty icon={IconMoodConfuzed} title={words.failure.title} text={words.failure.crashed}>
        <Button variant="default" onClick={() => window.location.reload()}>
          {words.failure.reload}
        </Button>
      </Empty>
    )
  }
}
