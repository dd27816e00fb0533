/** Mends within a text, and of the Liquid in it. Pure. */
import { valueAt, withValueAt } from '../../../engine/index.ts'
import { refused, type Command } from '../document/command.ts'
import type { Draft } from '../document/draft.ts'

/** Puts a value in the place of another, wherever it stands. */
export function setAt(keys: readonly string[], value: string): Command {
  return (draft) =>
    valueAt(draft, keys) === undefined ? refused('gone') : (withValueAt(draft, keys, value) as Draft)
}

/** Changes each piece of Liquid in a text. */
export function changeLiquid(keys: readonly string[], change: (liquid: string) => string): Command {
  return (draft) => {
    const text = valueAt(draft, keys)
    return typeof text === 'string'
      ? setAt(keys, text.replaceAll(/\{\{.*?\}\}|\{%.*?%\}/gs, change))(draft)
      : refused('gone')
  }
}

/** `{{ contact.FIRSTNAME }}` with words for who has none. */
export function withFallback(liquid: string, field: string): string {
  const output = new RegExp(`^\\{\\{-?\\s*${escaped(field)}(?=[\\s|}-])`)
  return output.test(liquid) && !/\|\s*default\b/.test(liquid)
    ? liquid.replace(/\s*(-?\}\})$/, ' | default: "there" $1')
    : liquid
}

/** Liquid that asks for another field. */
export function renamedIn(liquid: string, name: string, meant: string): string {
  return liquid.replaceAll(new RegExp(`\\b${escaped(name)}\\b`, 'g'), () => meant)
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w]/g, '\\$&')
}
