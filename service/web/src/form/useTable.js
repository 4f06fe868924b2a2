// What every kind of table starts from: its control, its description, where it stands in the form, and how it changes.
import { useJsonFormsControl } from '@jsonforms/vue'
import { computed } from 'vue'
import { copyOf, onPaste } from './tables.js'

// `held(data)`: what the table holds, whatever stands in its place. `put(next, row, column, text)` puts one pasted cell into a copy of the data.
export function useTable(props, { held, put }) {
  const { control, handleChange } = useJsonFormsControl(props)
  const spec = computed(() => control.value.uischema.options)
  const pointer = computed(() => `/${spec.value.key}`)

  // `path` leads from the table to what changes; without one the whole table does.
  const change = (value, ...path) => handleChange([control.value.path, ...path].join('.'), value)

  function paste(event) {
    if (spec.value.readonly) return
    const next = copyOf(held(control.value.data))
    onPaste(event, (down, right, text) => put(next, down, right, text))
    if (event.defaultPrevented) change(next)
  }

  return { control, spec, pointer, change, paste }
}
