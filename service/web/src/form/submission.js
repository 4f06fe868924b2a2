// The page's own form waits for the drafts: what is submitted is what was typed last.

export function holdSubmission(page, islands) {
  let released = false
  page.addEventListener(
    'submit',
    async (event) => {
      if (released) return
      // Stopped before htmx or the browser sees it; submitted again, by the same button, once all is saved.
      event.preventDefault()
      event.stopImmediatePropagation()
      if (page.dataset.saving) return
      page.dataset.saving = 'yes'
      const saved = await Promise.all(islands.map((island) => island.flush()))
      // A form cannot be submitted while it still tells of a submission, which it does until this task ends.
      await new Promise((resolve) => setTimeout(resolve))
      delete page.dataset.saving
      if (!saved.every(Boolean)) {
        islands[saved.indexOf(false)].showStatus()
        return
      }
      released = true
      page.requestSubmit(event.submitter)
      released = false
    },
    { capture: true },
  )
}
