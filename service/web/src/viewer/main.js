// The diagram of a case, with what has been passed and where it waits.
//
//   <div class="diagram" data-diagram="/diagrams/application:…" data-label="…的流程图"></div>
//
// The address answers {files: {name: BPMN}, passed: [ids], current: [ids]}; the first file is the process itself, the
// others are those that it calls.
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import './main.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

const LABELS = { passed: '已经过', current: '进行中' }
const LABELLED = ['bpmn:UserTask', 'bpmn:CallActivity']

for (const place of document.querySelectorAll('[data-diagram]')) show(place)

async function show(place) {
  const answer = await fetch(place.dataset.diagram, { headers: { Accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok) {
    place.textContent = '流程图没有载入，请刷新页面再试。'
    return
  }
  const drawing = await answer.json()
  const files = Object.values(drawing.files)
  const canvases = files.map(() => place.appendChild(document.createElement('div')))
  for (const [index, file] of files.entries()) await draw(canvases[index], file, drawing, place.dataset.label)
  place.dataset.ready = 'true'
}

async function draw(container, file, { passed, current }, label) {
  container.className = 'diagram-canvas'
  const viewer = new NavigatedViewer({ container })
  await viewer.importXML(file)
  mark(viewer, passed.filter((id) => !current.includes(id)), 'passed')
  mark(viewer, current, 'current')
  // 'auto' puts the drawing into the middle; without it the diagram sticks to the top.
  viewer.get('canvas').zoom('fit-viewport', 'auto')
  const drawing = container.querySelector('.djs-container > svg')
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', label)
}

function mark(viewer, ids, state) {
  for (const id of ids) {
    const element = viewer.get('elementRegistry').get(id)
    if (!element) continue
    viewer.get('canvas').addMarker(id, `is-${state}`)
    if (!LABELLED.includes(element.type)) continue
    const badge = document.createElement('span')
    badge.className = `diagram-badge is-${state}`
    badge.textContent = LABELS[state]
    viewer.get('overlays').add(id, { position: { top: -10, left: 4 }, html: badge })
  }
}
