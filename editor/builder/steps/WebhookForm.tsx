/** A call to another system: whom, with what, what is kept of the answer, and how it goes on. */
import { SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import { WEBHOOK_METHODS } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { useStepChange } from './change.ts'
import { ChoiceField, Section, TextField } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import { attributeInWords, attributeNamed } from './names.ts'
import { isTable, typedJson } from './pairs.ts'
import { PairsField } from './PairsField.tsx'
import { useProblemAt } from './problemAt.ts'
import { ResultFields } from './ResultFields.tsx'
import { textOf } from './typed.ts'
import { useNames } from './useNames.ts'

const say = words.forms.webhook

export function WebhookForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const { attributes } = useNames()
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  if (step.entry?.type !== 'callWebhook') return null
  const { url, method, headers, body, store } = step.entry.params
  const carries = method !== 'GET' && method !== 'DELETE'
  return (
    <>
      <TextField
        label={say.url}
        placeholder="https://"
        value={url}
        error={problem('url') && say.urlWrong}
        onChange={(text) => change.params('url', { url: text })}
      />
      <ChoiceField
        label={say.method}
        hint={say.methodHint}
        value={method}
        options={WEBHOOK_METHODS.map((value) => ({ value, label: say.methods[value] }))}
        onChange={(value) => change.params('method', { method: value })}
      />
      {(carries || body !== undefined) && (
        <BodyField
          body={body}
          error={carries ? problem('body') : say.noBody}
          onChange={(value) => change.params('body', { body: value })}
        />
      )}
      <PairsField
        label={say.headers}
        hint={say.headersHint}
        record={headers ?? {}}
        error={problem('headers') && say.headersWrong}
        nameLabel={say.header}
        valueLabel={say.value}
        add={say.addHeader}
        onChange={(record) =>
          change.params('headers', { headers: Object.keys(record).length === 0 ? undefined : record })
        }
      />
      <PairsField
        label={say.store}
        hint={say.storeHint}
        record={Object.fromEntries(
          Object.entries(store ?? {}).map(([name, place]) => [attributeInWords(name), shownPlace(place)]),
        )}
        error={problem('store')}
        nameLabel={say.attribute}
        valueLabel={say.place}
        names={attributes.map(attributeInWords)}
        add={say.addStore}
        onChange={(record) =>
          change.params('store', {
            store:
              Object.keys(record).length === 0
                ? undefined
                : Object.fromEntries(
                    Object.entries(record).map(([name, place]) => [
                      attributeNamed(name),
                      writtenPlace(place),
                    ]),
                  ),
          })
        }
      />
      <ResultFields id={id} step={step} of="webhook" />
    </>
  )
}

/** A place in the answer as people write it, `customer.tier`; in the file it is the JSON Pointer `/customer/tier`. */
function shownPlace(pointer: string): string {
  return /^\/[^~/.]+(?:\/[^~/.]+)*$/.test(pointer) ? pointer.slice(1).replaceAll('/', '.') : pointer
}

function writtenPlace(place: string): string {
  return place === '' || place.startsWith('/') ? place : `/${place.replaceAll('.', '/')}`
}

/** What is sent along: a table of names and values, or any JSON. */
function BodyField({
  body,
  error,
  onChange,
}: {
  readonly body: unknown
  readonly error: string | undefined
  readonly onChange: (body: unknown) => void
}) {
  const [how, setHow] = useState<'table' | 'json'>(body === undefined || isTable(body) ? 'table' : 'json')
  const canBeTable = body === undefined || isTable(body)
  return (
    <Section title={say.body}>
      <SegmentedControl
        size="xs"
        aria-label={say.bodyHow}
        value={canBeTable ? how : 'json'}
        data={[
          { value: 'table', label: say.table, disabled: !canBeTable },
          { value: 'json', label: say.json },
        ]}
        onChange={setHow}
      />
      {canBeTable && how === 'table' ? (
        <PairsField
          label={say.tableLabel}
          hint={say.fieldsHint}
          record={isTable(body) ? body : {}}
          error={error}
          nameLabel={say.name}
          valueLabel={say.value}
          add={say.addValue}
          onChange={(record) => onChange(Object.keys(record).length === 0 ? undefined : record)}
        />
      ) : (
        <JsonField body={body} error={error} onChange={onChange} />
      )}
    </Section>
  )
}

/** JSON as text. What is none is kept in the field and said; the step keeps the last that was. */
function JsonField({
  body,
  error,
  onChange,
}: {
  readonly body: unknown
  readonly error: string | undefined
  readonly onChange: (body: unknown) => void
}) {
  const [typed, setTyped] = useState(body === undefined ? '' : JSON.stringify(body, null, 2))
  const read = typedJson(typed)
  const isStored = JSON.stringify(read?.value ?? null) === JSON.stringify(body ?? null)
  return (
    <Textarea
      size="sm"
      label={say.jsonLabel}
      description={say.fieldsHint}
      autosize
      minRows={5}
      maxRows={18}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
      value={
        read === undefined || isStored
          ? typed
          : textOf(body === undefined ? '' : JSON.stringify(body, null, 2))
      }
      {...(read === undefined ? { error: say.noJson } : error === undefined ? {} : { error })}
      onChange={(event) => {
        const next = typedJson(event.currentTarget.value)
        setTyped(event.currentTarget.value)
        if (next !== undefined) onChange(next?.value)
      }}
    />
  )
}
