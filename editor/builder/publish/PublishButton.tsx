/** Publish, or why that is not possible now. */
import { Button, Tooltip, VisuallyHidden } from '@mantine/core'
import { useId } from 'react'
import type { JourneyDetail, JourneyProblem } from '../../answers.ts'
import { words } from '../../words.ts'

export function PublishButton({
  detail,
  problems,
  unpublished,
  onClick,
  onHindered,
}: {
  readonly detail: JourneyDetail
  readonly problems: readonly JourneyProblem[]
  readonly onClick: () => void
  /** It was tried although something is in the way. */
  readonly onHindered: () => void
  /** How many changes there are; null where no version is published yet. */
  readonly unpublished: number | null
}) {
  const because = useId()
  const why = whyNot(detail, problems, unpublished)
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
          {...(why === null
            ? { onClick }
            : {
                'data-disabled': true,
                'aria-disabled': true,
                'aria-describedby': because,
                onClick: onHindered,
              })}
        >
          {words.publish.publish}
        </Button>
        {why !== null && <VisuallyHidden id={because}>{why}</VisuallyHidden>}
      </span>
    </Tooltip>
  )
}

function whyNot(
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
