// A block of cells as Excel and WPS copy it: tabs between cells, line ends between rows, quotes around the unusual.

export function cells(text) {
  const rows = [[]]
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[i + 1] === '"') cell += text[(i += 1)]
      else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === '\t' || character === '\n') {
      rows.at(-1).push(cell.trim())
      cell = ''
      if (character === '\n') rows.push([])
    } else if (character !== '\r') cell += character
  }
  rows.at(-1).push(cell.trim())
  if (rows.length > 1 && rows.at(-1).join('') === '') rows.pop()
  return rows
}

// One pasted text as the value of a column: what people see of a choice is its label.
export function valueOf(column, text) {
  if (column.kind === 'yes_no') return { 是: true, 否: false }[text] ?? text
  if (column.kind === 'choice') return column.options.find((option) => option.label === text)?.value ?? text
  return text
}
