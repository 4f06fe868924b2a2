// What the server found wrong, by JSON pointer; a cell shows it once it has been touched or a submission refused.
import { reactive } from 'vue'

export const PROBLEMS = Symbol('problems')
export const CONTENT = Symbol('content')

export class Problems {
  constructor(form, listed) {
    this.form = form
    this.state = reactive({ listed, all: listed.length > 0, touched: {} })
  }

  replace(listed) {
    this.state.listed = listed
  }

  touch(pointer) {
    this.state.touched[pointer] = true
  }

  at(pointer) {
    if (!this.state.all && !this.state.touched[pointer]) return undefined
    return this.state.listed.find((problem) => problem.pointer === pointer)
  }

  // The id of a cell's input; its message has the same with a suffix.
  id(pointer) {
    return this.form + pointer.replaceAll('/', '--')
  }
}

// A message names its cell before the colon; at the cell itself that is left out.
export function short({ message }) {
  return message.replace(/^[^：，；。]{1,100}：/, '')
}
