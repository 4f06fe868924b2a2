// What the three kinds of table share: pasting a block of cells, and moving down a column by keyboard.
import { cells, valueOf } from './clipboard.js'

// Where an event happened, by the `data-row` and `data-column` of its cell.
function placeOf(event) {
  const cell = event.target.closest?.('[data-row]')
  return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }
}

// Calls `set(row, column, text)` for every pasted cell, from the focused one on. One cell alone is the browser's.
export function onPaste(event, set) {
  const place = placeOf(event)
  const text = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '')
  if (!place || !/[\t\n]/.test(text) || event.target.tagName === 'TEXTAREA') return
  event.preventDefault()
  cells(text).forEach((line, down) => line.forEach((value, right) => set(place.row + down, place.column + right, value)))
}

// Enter and the arrows go to the cell above or below.
export function onKeydown(event) {
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
  const place = placeOf(event)
  if (!step || !place || event.isComposing || event.target.tagName !== 'INPUT') return
  if (!['text', 'tel'].includes(event.target.type)) return
  event.preventDefault()
  const selector = `[data-row="${place.row + step}"][data-column="${place.column}"] input`
  const next = event.currentTarget.querySelector(selector)
  next?.focus()
  next?.select()
}

// What a column holds after a paste; kinds that no text can give are left alone.
export function pasted(column, before, text) {
  return ['files', 'choices'].includes(column.kind) ? before : valueOf(column, text)
}

// A copy to change; what Vue watches cannot be cloned otherwise.
export const copyOf = (value) => JSON.parse(JSON.stringify(value))
