/** The end of a list: loads the next page when it comes into view, or by the button. */
import { Button, Center } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { useEffect } from 'react'
import { words } from '../words.ts'

interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/** `byButton` for lists in the middle of a page, where loading by itself would never let one reach what follows. */
export function LoadMore({
  pages,
  byButton = false,
}: {
  readonly pages: Pages
  readonly byButton?: boolean
}) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const { ref, entry } = useIntersection({ rootMargin: '400px' })
  const seen = entry?.isIntersecting === true && !byButton
  useEffect(() => {
    if (seen && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [seen, hasNextPage, isFetchingNextPage, fetchNextPage])
  if (!hasNextPage) return null
  return (
    <Center ref={ref} p="md">
      <Button variant="subtle" color="gray" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {words.more}
      </Button>
    </Center>
  )
}
