// Uploading a file, and how its size is told.

export const UPLOADS = Symbol('uploads')

// The file as the form holds it: {name, size, sha256}. Throws an Error with a Chinese sentence.
export async function upload({ url, csrf }, file) {
  const body = new FormData()
  body.append('file', file, file.name)
  let answer
  try {
    answer = await fetch(url, { method: 'POST', headers: { 'X-CSRF-Token': csrf, Accept: 'application/json' }, body })
  } catch {
    throw new Error(`“${file.name}”没有上传：网络不通，请稍后再试。`)
  }
  const result = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(result.message ?? `“${file.name}”没有上传，请稍后再试。`)
  return { name: result.name, size: result.size, sha256: result.sha256 }
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} 字节`
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'KB'] : [bytes / 1024 ** 2, 'MB']
  return `${value.toFixed(1)} ${unit}`
}
