/** What the pages read, kept fresh while the tab is visible. Unchanged answers keep their identity, so nothing flickers. */
import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useQueries,
  useQuery,
} from '@tanstack/react-query'
import { useCallback } from 'react'
import type { ConditionScope, JourneyDetail, JourneySummary, Page, Reader, ScoreEntry } from './answers.ts'
import { client, RequestError } from './client.ts'

const FRESH = 2_000
/** Beyond so many loaded pages a list stands still, so that looking far back does not load everything every two seconds. */
const LIVE_PAGES = 3

/** The session's place in the cache: `open`, `none` or `refused`. */
export const SESSION = ['session'] as const

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Signed out elsewhere, or after 30 days: back to the way in.
    onError: (error) => {
      if (error instanceof RequestError && error.status === 401) queryClient.setQueryData(SESSION, 'none')
    },
  }),
  mutationCache: new MutationCache({
    // What the server refuses, the page says; anything else is a fault of the page.
    onError: (error) => {
      if (!(error instanceof RequestError)) reportError(error)
    },
  }),
  defaultOptions: {
    // The server may be on the same computer: without a network it is asked too, and nothing waits unseen.
    mutations: { networkMode: 'always' },
    queries: {
      refetchInterval: FRESH,
      staleTime: FRESH / 2,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof RequestError && error.status >= 400 && error.status < 500),
      retryDelay: 500,
    },
  },
})

export function useStatus() {
  return useQuery({ queryKey: ['status'], queryFn: client.status })
}

export const SENDING = ['sending'] as const

export function useSending() {
  return useQuery({ queryKey: SENDING, queryFn: client.sending })
}

export function useJourneys() {
  return useQuery({ queryKey: ['journeys'], queryFn: client.journeys })
}

export function useArchivedJourneys() {
  return useQuery({ queryKey: ['journeys', 'archived'], queryFn: client.archivedJourneys })
}

/** What came with this version does not change, but for what is there already. */
export function useGallery() {
  return useQuery({ queryKey: ['gallery'], queryFn: client.gallery })
}

export function useJourney(id: string) {
  return useQuery({ queryKey: ['journey', id], queryFn: () => client.journey(id) })
}

/** To be called when a journey was changed elsewhere than in its draft; answers when what is known of it is new again. */
export async function journeyChanged(id: string): Promise<void> {
  journeysChanged()
  await queryClient.invalidateQueries({ queryKey: ['journey', id] })
}

/** The same where journeys came or went. */
export function journeysChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ['journeys'] })
  void queryClient.invalidateQueries({ queryKey: ['gallery'] })
}

/** Takes over what the server answered; a look at the journey that set out before would bring back what was before it. */
export async function journeyStored(detail: JourneyDetail): Promise<void> {
  await queryClient.cancelQueries({ queryKey: ['journey', detail.id] })
  queryClient.setQueryData(['journey', detail.id], detail)
}

/** A journey that is gone is not looked up again. */
export function journeyDeleted(id: string): void {
  queryClient.removeQueries({ queryKey: ['journey', id] })
  journeysChanged()
}

/** What was published, newest first. */
export function useVersions(id: string) {
  return useInfiniteQuery({
    queryKey: ['journey', id, 'versions'],
    queryFn: ({ pageParam }) => client.versions(id, pageParam),
    ...byCursor,
  })
}

/** One version of a journey; it never changes. Null: none is asked for. */
export function useVersion(id: string, version: number | null) {
  return useQuery({
    queryKey: ['version', id, version],
    queryFn: () => client.version(id, version ?? 0),
    enabled: version !== null,
    refetchInterval: false,
    staleTime: Infinity,
  })
}

/** The journeys' names by id; an unknown id stays as it is. The same function as long as no name changes. */
export function useJourneyNames(): (id: string) => string {
  const { data: names } = useQuery({ queryKey: ['journeys'], queryFn: client.journeys, select: namesOf })
  return useCallback((id) => names?.find((journey) => journey.id === id)?.name ?? id, [names])
}

function namesOf({ items }: Page<JourneySummary>): readonly { readonly id: string; readonly name: string }[] {
  return items.map(({ id, name }) => ({ id, name }))
}

/** The subjects of templates by name, as far as they are known. */
export function useSubjects(templates: readonly string[]): (template: string) => string | undefined {
  return useQueries({
    queries: templates.map((name) => ({
      queryKey: ['template', name],
      queryFn: () => client.template(name),
      refetchInterval: false as const,
      staleTime: 60_000,
      retry: false,
    })),
    combine: useCallback(
      (results: readonly { readonly data: { readonly subject: string } | undefined }[]) => {
        const subjectsByName = new Map(templates.map((name, index) => [name, results[index]?.data?.subject]))
        return (template: string) => subjectsByName.get(template)
      },
      [templates],
    ),
  })
}

export function useContacts(search: string, list: string) {
  return useInfiniteQuery({
    queryKey: ['contacts', search, list],
    queryFn: ({ pageParam }) => client.contacts({ search, list, cursor: pageParam }),
    ...byCursor,
    placeholderData: keepPreviousData,
  })
}

export function useContact(id: string) {
  return useQuery({ queryKey: ['contact', id], queryFn: () => client.contact(id) })
}

/** The ledgers of several scores, newest entry first, and their next pages together. */
export function useScores(id: string, attributes: readonly string[]) {
  const pages = useInfiniteQuery({
    queryKey: ['contact', id, 'score', attributes],
    queryFn: ({ pageParam }) => ledgerPages(id, attributes, pageParam),
    initialPageParam: null as Cursors | null,
    getNextPageParam: ({ next }: LedgerPages) => next,
    refetchInterval: refreshWhileShort,
    select: ({ pages }) =>
      Object.fromEntries(
        attributes.map((attribute) => [attribute, pages.flatMap(({ entries }) => entries[attribute] ?? [])]),
      ),
    placeholderData: keepPreviousData,
  })
  return pages
}

type Cursors = Readonly<Record<string, string | null>>
interface LedgerPages {
  readonly entries: Readonly<Record<string, readonly ScoreEntry[]>>
  readonly next: Cursors | null
}

async function ledgerPages(
  id: string,
  attributes: readonly string[],
  cursors: Cursors | null,
): Promise<LedgerPages> {
  const asked = attributes.filter((attribute) => cursors === null || cursors[attribute] !== null)
  const pages = await Promise.all(
    asked.map(
      async (attribute) =>
        [attribute, await client.score(id, attribute, cursors?.[attribute] ?? null)] as const,
    ),
  )
  const next = Object.fromEntries(
    attributes.map((attribute) => [attribute, pages.find(([name]) => name === attribute)?.[1].next ?? null]),
  )
  return {
    entries: Object.fromEntries(pages.map(([attribute, { entries }]) => [attribute, entries])),
    next: Object.values(next).some((cursor) => cursor !== null) ? next : null,
  }
}

export function useTimeline(id: string) {
  return useInfiniteQuery({
    queryKey: ['contact', id, 'timeline'],
    queryFn: ({ pageParam }) => client.timeline(id, pageParam),
    ...byCursor,
  })
}

/** Names and values that were received. They change slowly, and nobody waits for them. */
export function useVocabulary() {
  return useQuery({
    queryKey: ['vocabulary'],
    queryFn: client.vocabulary,
    refetchInterval: 30_000,
    staleTime: 10_000,
  })
}

/** Whom a condition is about; asked again now and then, since people change. Null: it cannot be asked yet. */
export function useConditionMatches(when: string | null, scope: ConditionScope) {
  return useQuery({
    queryKey: ['condition', 'matches', scope, when],
    queryFn: ({ signal }) => client.conditionMatches(JSON.parse(when ?? 'null'), scope, signal),
    enabled: when !== null,
    refetchInterval: 15_000,
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  })
}

/** What one person answers to a condition. */
export function useConditionAnswers(when: string | null, scope: ConditionScope, contact: string | null) {
  return useQuery({
    queryKey: ['condition', 'answers', scope, when, contact],
    queryFn: ({ signal }) =>
      client.conditionAnswers(JSON.parse(when ?? 'null'), scope, contact ?? '', signal),
    enabled: when !== null && contact !== null,
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  })
}

/** The newest few people whom a search finds. */
export function useFoundPeople(search: string) {
  return useQuery({
    queryKey: ['people', search],
    queryFn: () => client.contacts({ search, list: '', cursor: null }),
    refetchInterval: false,
    placeholderData: keepPreviousData,
  })
}

/** A mail as somebody would get it; null: it cannot be asked yet. */
export function useMailLook(content: string | null, reader: Reader) {
  return useQuery({
    queryKey: ['mailLook', content, reader === undefined ? 'example' : reader],
    queryFn: ({ signal }) => client.mailLook(JSON.parse(content ?? 'null'), reader, signal),
    enabled: content !== null,
    refetchInterval: false,
    retry: false,
    placeholderData: keepPreviousData,
  })
}

/** An SMS as somebody would read it; null: it cannot be asked yet. */
export function useSmsLook(content: string | null, reader: Reader) {
  return useQuery({
    queryKey: ['smsLook', content, reader === undefined ? 'example' : reader],
    queryFn: ({ signal }) => client.smsLook(JSON.parse(content ?? 'null'), reader, signal),
    enabled: content !== null,
    refetchInterval: false,
    retry: false,
    placeholderData: keepPreviousData,
  })
}

export function useLists() {
  return useQuery({ queryKey: ['lists'], queryFn: client.lists })
}

export function useMailbox(to: string) {
  return useInfiniteQuery({
    queryKey: ['mailbox', to],
    queryFn: ({ pageParam }) => client.mailbox({ to, cursor: pageParam }),
    ...byCursor,
    placeholderData: keepPreviousData,
  })
}

/** One mail; it never changes once written. */
export function useMail(id: string) {
  return useQuery({
    queryKey: ['mail', id],
    queryFn: () => client.mail(id),
    refetchInterval: false,
    staleTime: Infinity,
  })
}

export const PROBLEMS = ['problems'] as const

export function useProblems() {
  return useInfiniteQuery({
    queryKey: PROBLEMS,
    queryFn: ({ pageParam }) => client.problems(pageParam),
    ...byCursor,
  })
}

const byCursor = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { readonly next: string | null }) => page.next,
  refetchInterval: refreshWhileShort,
}

function refreshWhileShort(query: {
  readonly state: { readonly data?: { readonly pages: readonly unknown[] } | undefined }
}): number | false {
  return (query.state.data?.pages.length ?? 0) > LIVE_PAGES ? false : FRESH
}
