// Which component draws what: one for layouts, one for each kind of table, one for every other field.
import { and, rankWith, uiTypeIs } from '@jsonforms/core'
import FieldControl from './FieldControl.vue'
import FormLayout from './FormLayout.vue'
import FormSection from './FormSection.vue'
import GivenTable from './GivenTable.vue'
import MetricTable from './MetricTable.vue'
import RepeatedTable from './RepeatedTable.vue'

const ofKind = (kind) => and(uiTypeIs('Control'), (uischema) => uischema.options.kind === kind)

export const renderers = Object.freeze([
  { tester: rankWith(1, uiTypeIs('VerticalLayout')), renderer: FormLayout },
  { tester: rankWith(1, uiTypeIs('Group')), renderer: FormSection },
  { tester: rankWith(1, uiTypeIs('Control')), renderer: FieldControl },
  { tester: rankWith(2, ofKind('metric_table')), renderer: MetricTable },
  { tester: rankWith(2, ofKind('table')), renderer: RepeatedTable },
  { tester: rankWith(2, ofKind('given_table')), renderer: GivenTable },
])
