// What every page loads: the stylesheet, htmx, and a guard against a second click.
import '@tabler/core/dist/css/tabler.min.css'
import './base.css'
import 'htmx.org'

// A form goes out once: its buttons are disabled after the browser has read them. Coming back by the history enables them.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return
  setTimeout(() => setButtons(event.target, true))
})
addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form').forEach((form) => setButtons(form, false))
})

function setButtons(form, disabled) {
  form.querySelectorAll('button[type=submit]').forEach((button) => { button.disabled = disabled })
}

// Tabs: the chosen one's panel is shown; arrow keys move between them (WAI-ARIA tabs pattern).
for (const list of document.querySelectorAll('[role=tablist]')) {
  const tabs = [...list.querySelectorAll('[role=tab]')]
  const choose = (chosen) => {
    for (const tab of tabs) {
      const active = tab === chosen
      tab.setAttribute('aria-selected', active)
      tab.tabIndex = active ? 0 : -1
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !active
    }
  }
  choose(tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? tabs[0])
  list.addEventListener('click', (event) => {
    const tab = event.target.closest('[role=tab]')
    if (tab) choose(tab)
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length]
    choose(next)
    next.focus()
  })
}

// Chosen files are named, or sent at once where the form holds nothing else.
for (const input of document.querySelectorAll('.file-picker input')) {
  input.addEventListener('change', () => {
    if (!input.files.length) return
    if (input.dataset.send) input.form.requestSubmit()
    else document.getElementById(input.dataset.names).textContent = [...input.files].map((file) => file.name).join('、')
  })
}
