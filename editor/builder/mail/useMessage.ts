/** What every form of a message asks: which fields there are, and what is wrong with it. */
import { useMemo } from 'react'
import { useVocabulary } from '../../queries.ts'
import { useBuilder, useDraft } from '../state/context.tsx'
import { attributesIn, clientEventsIn } from '../steps/names.ts'
import type { Params } from './content.ts'
import { fieldGroups, type FieldGroup } from './fields.ts'
import { messageProblems, reasonsIn, type ReasonAt } from './reasons.ts'

const NOTHING_YET: ReasonAt = () => ({})

export function useMessage(
  id: string,
  type: 'sendEmail' | 'sendSms',
  params: Params,
): { readonly groups: readonly FieldGroup[]; readonly reason: ReasonAt } {
  const draft = useDraft()
  const isFresh = useBuilder(({ fresh }) => fresh.has(id))
  const { data: vocabulary } = useVocabulary()
  const given = useMemo(() => attributesIn(draft), [draft])
  const groups = useFields()
  const reason = useMemo(() => {
    if (isFresh) return NOTHING_YET
    const known = vocabulary?.attributes.map(({ name }) => name)
    return reasonsIn(messageProblems(type, params, known && [...known, ...given]))
  }, [isFresh, vocabulary, given, type, params])
  return { groups, reason }
}

/** The fields that a text may hold: of the contact, of the company, of the events that let in. */
export function useFields(): readonly FieldGroup[] {
  const draft = useDraft()
  const { data: vocabulary } = useVocabulary()
  return useMemo(
    () => fieldGroups(vocabulary, attributesIn(draft), clientEventsIn(draft)),
    [vocabulary, draft],
  )
}
