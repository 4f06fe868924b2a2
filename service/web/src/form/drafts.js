// Saves what is typed, a moment after the last change, over the version that this page has seen.
import { reactive } from 'vue'

const PAUSE = 800
const AGAIN = 5000

export const TEXTS = {
  clean: '',
  changed: '有未保存的修改',
  saving: '正在保存…',
  saved: '草稿已保存',
  offline: '网络不通，草稿没有保存；恢复后自动重试，请不要关闭本页。',
  signedOut: '登录已失效，草稿没有保存；请在新窗口登录后再点“重试”。',
  refused: '草稿没有保存。',
  conflict: '草稿已被他人修改，您的内容没有保存。',
}

export class Drafts {
  // `content` is a function that gives what to save; `onProblems` gets what the server found in it.
  constructor({ url, csrf, version, content, onProblems }) {
    Object.assign(this, { url, csrf, version, content, onProblems })
    this.status = reactive({ state: 'clean', detail: '', at: null })
    this.dirty = false
    this.timer = null
    this.running = null
    addEventListener('online', () => this.dirty && this.flush())
    addEventListener('beforeunload', (event) => this.dirty && event.preventDefault())
    addEventListener('visibilitychange', () => document.hidden && this.dirty && this.flush())
  }

  changed() {
    this.dirty = true
    if (this.status.state === 'conflict') return
    this.show('changed')
    this.later(PAUSE)
  }

  // Saves now; true when nothing is left unsaved. Changes made meanwhile are saved as well, and what is being saved
  // already is waited for: until the server has answered, it may still be refused.
  async flush() {
    clearTimeout(this.timer)
    while (this.dirty || this.running) {
      this.running ??= this.save().finally(() => (this.running = null))
      if (!(await this.running)) return false
    }
    return true
  }

  async save() {
    this.dirty = false
    this.show('saving')
    let answer
    try {
      answer = await fetch(this.url, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrf, Accept: 'application/json' },
        body: JSON.stringify({ content: this.content(), version: this.version }),
      })
    } catch {
      return this.failed('offline', '', AGAIN)
    }
    const body = await answer.json().catch(() => ({}))
    if (answer.ok) {
      this.version = body.version
      this.onProblems(body.problems ?? [])
      if (!this.dirty) this.show('saved', '', new Date(body.saved_at))
      return true
    }
    if (answer.status === 409) return this.failed('conflict', body.message)
    if (answer.status === 401) return this.failed('signedOut')
    if (answer.status >= 500) return this.failed('offline', '', AGAIN)
    return this.failed('refused', body.message)
  }

  failed(state, detail = '', again = null) {
    this.dirty = true
    this.show(state, detail)
    if (again) this.later(again)
    return false
  }

  later(pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), pause)
  }

  show(state, detail = '', at = null) {
    Object.assign(this.status, { state, detail: detail ?? '', at })
  }
}
