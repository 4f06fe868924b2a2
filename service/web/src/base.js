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
