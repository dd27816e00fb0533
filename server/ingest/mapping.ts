/** How a webhook of another system is read: which part of its body is the event, the person, the time, the properties. */
import { z } from 'zod'
import { eventNameFault, isReservedEvent } from '../../engine/index.ts'
import { POINTER } from './pointers.ts'

const PLACE = 'a JSON Pointer such as "/data/object/id"'
/** Where something stands: in the item of `each`, or, where it begins with `#`, in the whole body. */
const place = z.string(PLACE).refine((text) => POINTER.test(text.replace(/^#/, '')), PLACE)

const HEADER = 'the name of a header such as "X-Shopify-Topic"'
const header = z.string(HEADER).regex(/^[A-Za-z0-9-]{1,100}$/, HEADER)

const EVENT = 'an event name of 1 to 255 characters, no wildcard, of your own'
const eventName = z
  .string(EVENT)
  .refine((name) => eventNameFault(name) === undefined && !isReservedEvent(name), EVENT)

const ONE_PLACE = 'exactly one of "pointer" and "header"'
const onePlace = (at: { readonly pointer?: unknown; readonly header?: unknown }) =>
  (at.pointer === undefined) !== (at.header === undefined)

const VALUE = 'a text, a number, true or false, or a list of them'
const scalar = z.union([z.string(), z.number(), z.boolean()], VALUE)

const PART = 'a JSON Pointer, or an object with "pointer" and "as": "number" or "text", or "times"'
const part = z.union(
  [
    place,
    z.strictObject({
      pointer: place,
      /** Shops write prices as texts, which no condition compares with numbers. */
      as: z.enum(['number', 'text']).optional(),
      /** Cents become euros by `0.01`. */
      times: z.number().optional(),
    }),
  ],
  PART,
)
const PARTS = 'a JSON Pointer to an object, or an object of names and pointers'
const parts = z.union([place, z.record(z.string().min(1).max(255), part)], PARTS)

const anyEvent = 'an event name, or an object with "pointer" or "header", and perhaps a "table" of names'

export const mapping = z
  .strictObject(
    {
      each: place.optional(),
      when: z
        .strictObject(
          {
            pointer: place.optional(),
            header: header.optional(),
            value: z.union([scalar, z.array(scalar).min(1)], VALUE),
          },
          'an object with "pointer" or "header", and "value"',
        )
        .refine(onePlace, ONE_PLACE)
        .optional(),
      event: z.union(
        [
          eventName,
          z
            .strictObject({
              pointer: place.optional(),
              header: header.optional(),
              table: z.record(z.string(), eventName).optional(),
            })
            .refine(onePlace, ONE_PLACE),
        ],
        anyEvent,
      ),
      userId: place.optional(),
      email: place.optional(),
      anonymousId: place.optional(),
      messageId: place.optional(),
      timestamp: place.optional(),
      properties: parts.optional(),
      traits: parts.optional(),
      active: z.boolean('true or false').optional(),
    },
    'an object with "event", and "userId", "email" or "anonymousId"',
  )
  .refine(
    ({ userId, email, anonymousId }) => (userId ?? email ?? anonymousId) !== undefined,
    'one of "userId", "email" and "anonymousId", which say whom it is about',
  )

export type Mapping = z.infer<typeof mapping>
export type Part = z.infer<typeof part>
export type Parts = z.infer<typeof parts>
