// The diagram of an instance with what is finished and what is being done.
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import './main.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

const LABELS = { done: '已办结', current: '办理中' }

for (const container of document.querySelectorAll('[data-diagram]')) show(container)

async function show(container) {
  const response = await fetch(container.dataset.diagram)
  if (!response.ok) {
    container.textContent = '流程图没有载入，请刷新页面再试。'
    return
  }
  const { bpmn, done, current } = await response.json()
  const viewer = new NavigatedViewer({ container })
  await viewer.importXML(bpmn)
  mark(viewer, done, 'done')
  mark(viewer, current, 'current')
  // 'auto' puts the drawing into the middle; without it the diagram sticks to the top.
  viewer.get('canvas').zoom('fit-viewport', 'auto')
  container.querySelectorAll('svg').forEach((svg) => { svg.setAttribute('role', 'img'); svg.setAttribute('aria-label', container.dataset.label) })
  container.dataset.ready = 'true'
}

function mark(viewer, ids, state) {
  const elements = viewer.get('elementRegistry')
  for (const id of ids) {
    const element = elements.get(id)
    if (!element) continue
    viewer.get('canvas').addMarker(id, `is-${state}`)
    if (!isUserTask(element)) continue
    const badge = document.createElement('span')
    badge.className = `diagram-badge ${state}`
    badge.textContent = LABELS[state]
    viewer.get('overlays').add(id, { position: { top: -10, left: 0 }, html: badge })
  }
}

function isUserTask(element) {
  return element.type === 'bpmn:UserTask'
}
