// The diagram of a case, with what has been passed and where it waits.
//
//   <div class="diagram" data-diagram="/diagrams/application:…" data-label="…的流程图"></div>
//
// The address answers {files: {name: BPMN}, passed: [ids], current: [ids], marked: [ids]}; the first file is the process
// itself, the others are those that it calls. What is marked is what the reader was sent to; a case marks nothing.
// One drawing is shown, the one in which the case waits; where there are several, a row of buttons leads to the others.
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import './main.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

const LABELS = { passed: '已经过', current: '进行中', marked: '所指环节' }
const LABELLED = ['bpmn:UserTask', 'bpmn:CallActivity']
const READABLE = 0.75
const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL'

for (const place of document.querySelectorAll('[data-diagram]')) show(place)

async function show(place) {
  const answer = await fetch(place.dataset.diagram, { headers: { Accept: 'application/json' } }).catch(() => null)
  if (!answer?.ok) {
    place.textContent = '流程图没有载入，请刷新页面再试。'
    return
  }
  const drawing = await answer.json()
  const sheets = Object.values(drawing.files).map((file) => new Sheet(file))
  const current = [...drawing.current, ...callsOf(sheets, drawing.current)]
  const meant = drawing.current.length ? drawing.current : (drawing.marked ?? [])
  const first = sheets.find((sheet) => meant.some((id) => sheet.has(id))) ?? sheets[0]
  const row = sheets.length > 1 && place.appendChild(element('div', 'diagram-sheets'))
  const turnTo = async (chosen) => {
    for (const sheet of sheets) {
      sheet.button?.setAttribute('aria-pressed', String(sheet === chosen))
      if (sheet.shown) sheet.shown.hidden = sheet !== chosen
    }
    // A drawing fits itself into the place that it has, so it is drawn when it is first shown.
    if (chosen.shown) return
    chosen.shown = place.appendChild(element('div', 'diagram-sheet'))
    await draw(chosen.shown, chosen, `${place.dataset.label}：${chosen.name}`, { ...drawing, current })
  }
  for (const sheet of row ? sheets : []) {
    const waits = drawing.current.some((id) => sheet.has(id))
    sheet.button = row.appendChild(button(waits ? `${sheet.name}（进行中）` : sheet.name, () => turnTo(sheet)))
  }
  await turnTo(first)
  place.dataset.ready = 'true'
}

// One BPMN file: its text, what it is called, and whether an element stands in it.
class Sheet {
  constructor(file) {
    this.file = file
    this.parsed = new DOMParser().parseFromString(file, 'text/xml')
    this.name = this.all('process').map((process) => process.getAttribute('name')).find(Boolean) ?? '流程图'
  }

  all(name) {
    return [...this.parsed.getElementsByTagNameNS(BPMN, name)]
  }

  has(id) {
    return this.all('process').some((process) => process.querySelector(`[id="${id}"]`))
  }
}

// Where a called process waits, its call in the calling one waits too.
function callsOf(sheets, current) {
  const all = (name) => sheets.flatMap((sheet) => sheet.all(name))
  const waiting = all('process').filter((process) => current.some((id) => process.querySelector(`[id="${id}"]`)))
  const ids = waiting.map((process) => process.id)
  return all('callActivity').filter((call) => ids.includes(call.getAttribute('calledElement'))).map((call) => call.id)
}

async function draw(place, { file }, label, { passed, current, marked = [] }) {
  const tools = place.appendChild(element('div', 'diagram-tools'))
  const container = place.appendChild(element('div', 'diagram-canvas'))
  const viewer = new NavigatedViewer({ container })
  await viewer.importXML(file)
  mark(viewer, passed.filter((id) => !current.includes(id)), 'passed')
  mark(viewer, current, 'current')
  mark(viewer, marked, 'marked')
  const drawing = container.querySelector('.djs-container > svg')
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', label)

  const canvas = viewer.get('canvas')
  // 'auto' puts the drawing into the middle; without it the diagram sticks to the top.
  const whole = () => canvas.zoom('fit-viewport', 'auto')
  const [waiting, meant] = [current, marked].map((ids) => ids.map((id) => viewer.get('elementRegistry').get(id)).find(Boolean))
  tools.append(
    button('全图', whole),
    button('放大', () => canvas.zoom(canvas.zoom() * 1.25)),
    button('缩小', () => canvas.zoom(canvas.zoom() / 1.25)),
  )
  if (waiting) tools.prepend(button('进行中的环节', () => centre(canvas, waiting)))
  if (meant) tools.prepend(button('所指的环节', () => centre(canvas, meant)))
  if (whole() < READABLE && (waiting ?? meant)) centre(canvas, waiting ?? meant)
}

// At a size that can be read, with the element right and below of the middle: what led to it stands before it. Nothing
// is gained by looking past the edge of the drawing.
function centre(canvas, { x, y, width, height }) {
  canvas.zoom(READABLE)
  const { inner, ...box } = canvas.viewbox()
  const within = (start, whole, from, part) => Math.max(from, Math.min(start, from + whole - part))
  canvas.viewbox({
    x: within(x + width / 2 - box.width * 0.6, inner.width, inner.x, box.width),
    y: within(y + height / 2 - box.height * 0.65, inner.height, inner.y, box.height),
    width: box.width,
    height: box.height,
  })
}

function mark(viewer, ids, state) {
  for (const id of ids) {
    const shape = viewer.get('elementRegistry').get(id)
    if (!shape) continue
    viewer.get('canvas').addMarker(id, `is-${state}`)
    if (!LABELLED.includes(shape.type)) continue
    const html = element('span', `diagram-badge is-${state}`, LABELS[state])
    viewer.get('overlays').add(id, { position: { top: -10, left: 4 }, html })
  }
}

function button(text, act) {
  const made = element('button', 'btn btn-sm', text)
  made.type = 'button'
  made.addEventListener('click', act)
  return made
}

function element(name, className, text = '') {
  const made = document.createElement(name)
  Object.assign(made, { className, textContent: text })
  return made
}
