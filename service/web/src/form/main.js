// The form island: fills in one form of a user task, saves it as a draft, shows what the server finds wrong.
//
// The page gives, for each form, a place and its data:
//
//   <div data-form="recommendation" data-submit="#complete">
//     <script type="application/json">{…}</script>
//   </div>
//
// The data are service.domain.forms.island(compiled, content, version=…, problems=…) and, added by the page,
//   urls.draft    PUT {content, version} here; answers {version, saved_at, problems} (see drafts.js)
//   urls.upload   POST a file here as `file` (multipart); answers {name, size, sha256}
//   urls.file     where a file is read, with {sha256} in it
//   csrf          sent as X-CSRF-Token with every request
// `data-submit` names the <form> of the page that completes the task. It is held until the draft is saved, so that
// the server completes with what was typed last; then it is submitted with the button that was pressed.
//
// The server alone judges. A page that is shown again after a refused submission gives its problems; they are
// listed with links, and the first wrong cell gets the focus.
import { createApp } from 'vue'
import FormIsland from './FormIsland.vue'
import { holdSubmission } from './submission.js'
import './form.css'

const islands = []
for (const place of document.querySelectorAll('[data-form]')) {
  const data = JSON.parse(place.querySelector('script[type="application/json"]').textContent)
  const island = createApp(FormIsland, { ...data, id: place.dataset.form }).mount(place)
  islands.push({ island, page: document.querySelector(place.dataset.submit || null) })
}
for (const page of new Set(islands.map(({ page }) => page).filter(Boolean))) {
  holdSubmission(page, islands.filter((each) => each.page === page).map(({ island }) => island))
}
islands.find(({ island }) => island.focusFirstProblem())
document.documentElement.dataset.forms = 'ready'
