/** How often somebody may enter: four sentences, each saying what happens to the second event. */
import { Radio, Stack } from '@mantine/core'
import { REENTRY_POLICIES, reentryOf, type JourneyMeta } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { given } from '../document/commands.ts'
import { setMeta } from '../document/frameCommands.ts'
import { useBuild, useDraft } from '../state/context.tsx'
import { LengthField, NumberField, Optional, Section, SuggestField } from '../steps/Fields.tsx'
import { useProblemAt } from '../steps/problemAt.ts'
import { mergeName, textOf } from '../steps/typed.ts'
import { useNames } from '../steps/useNames.ts'

const say = words.forms.reentry
type Reentry = NonNullable<JourneyMeta['reentry']>
/** Parts of a draft: each may be anything that was typed. */
type DraftReentry = { readonly [Part in keyof Reentry]?: unknown }

export function ReentryFields() {
  const draft = useDraft()
  const { properties } = useNames()
  const { apply } = useBuild()
  const problem = useProblemAt(['meta', 'reentry'])
  const reentry: DraftReentry = reentryOf(draft)
  const set = (field: string, part: DraftReentry, typed?: unknown) => {
    apply(setMeta({ reentry: given({ ...reentry, ...part }) as unknown as Reentry }), {
      merge: mergeName(`reentry ${field}`, typed),
    })
  }
  return (
    <Section title={say.title}>
      <Radio.Group
        aria-label={say.title}
        value={textOf(reentry.policy)}
        onChange={(policy) => set('policy', { policy: policy })}
      >
        <Stack gap={12}>
          {REENTRY_POLICIES.map((policy) => (
            <Radio
              key={policy}
              size="sm"
              value={policy}
              label={say.policies[policy].title}
              description={say.policies[policy].text}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Optional
        label={say.key}
        hint={say.keyHint}
        on={reentry.key !== undefined}
        toggle={(on) => set('key on', { key: on ? '' : undefined })}
      >
        <SuggestField
          label={say.property}
          value={reentry.key}
          suggestions={properties}
          error={problem('key')}
          onChange={(key) => set('key', { key }, key)}
        />
      </Optional>
      <Optional
        label={say.cooldown}
        on={reentry.cooldown !== undefined}
        toggle={(on) => set('cooldown on', { cooldown: on ? 'P1D' : undefined })}
      >
        <LengthField
          label={say.notWithin}
          value={textOf(reentry.cooldown)}
          error={problem('cooldown')}
          onChange={(cooldown) => set('cooldown', { cooldown })}
        />
      </Optional>
      <Optional
        label={say.max}
        on={reentry.max !== undefined}
        toggle={(on) => set('max on', { max: on ? 3 : undefined })}
      >
        <NumberField
          label={say.times}
          value={reentry.max}
          error={problem('max') && say.wholeNumber}
          onChange={(max) => set('max', { max })}
        />
      </Optional>
    </Section>
  )
}
