/** Publish, or why that is not possible now. */
import { Button, Tooltip, VisuallyHidden } from '@mantine/core'
import { useId } from 'react'
import type { JourneyDetail, JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'

export function PublishButton({
  why,
  onClick,
}: {
  /** Why nothing can be published now; null where something can. */
  readonly why: string | null
  /** Called as well where something is in the way. */
  readonly onClick: () => void
}) {
  const because = useId()
  return (
    <Tooltip
      label={why}
      disabled={why === null}
      events={{ hover: true, focus: true, touch: true }}
      position="bottom-end"
    >
      <span>
        <Button
          size="sm"
          onClick={onClick}
          {...(why === null
            ? {}
            : { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': because })}
        >
          {words.publish.publish}
        </Button>
        {why !== null && <VisuallyHidden id={because}>{why}</VisuallyHidden>}
      </span>
    </Tooltip>
  )
}

/** Why nothing can be published now; null where something can. `unpublished` is null where no version is published yet. */
export function whyNotPublish(
  { status, version }: JourneyDetail,
  problems: readonly JourneyProblem[],
  unpublished: number | null,
): string | null {
  const { archived, errors, unchanged } = words.publish.whyNot
  if (status === 'archived') return archived
  if (unpublished === 0) return unchanged(version)
  const count = problems.filter(({ severity }) => severity === 'error').length
  return count > 0 ? errors(count) : null
}
