// What was typed at the desk is not lost when the session has run out: it waits in this tab until whoever typed it
// has signed in again, and goes as soon as any other page shows that it arrived. Ctrl+S sends the form.
const KEY = 'huifa-kept'

interface Kept { page: string, fields: Array<[string, string]>, waiting: boolean }

function read (): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

// Secrets and what belongs to one sending only are not kept.
function fields (form: HTMLFormElement): Array<[string, string]> {
  const kept: Array<[string, string]> = []
  for (const [name, value] of new FormData(form)) {
    const field = form.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)
    if (typeof value === 'string' && field?.type !== 'hidden' && field?.type !== 'password') kept.push([name, value])
  }
  return kept
}

function fill (form: HTMLFormElement, kept: Array<[string, string]>): void {
  const seen = new Map<string, number>()
  for (const [name, value] of kept) {
    const named = [...form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)]
    const boxes = named.filter((field) => field.type === 'radio' || field.type === 'checkbox')
    if (boxes.length > 0) {
      for (const box of boxes) if (box.value === value) box.checked = true
      continue
    }
    const nth = seen.get(name) ?? 0
    seen.set(name, nth + 1)
    const field = named[nth]
    if (field !== undefined && field.type !== 'file') field.value = value
  }
}

export function keepTyped (root: Document): void {
  const here = location.pathname
  const kept = read()
  if (kept !== null && here.startsWith('/desk/sign-in')) {
    sessionStorage.setItem(KEY, JSON.stringify({ ...kept, waiting: true }))
    return
  }
  const form = root.querySelector<HTMLFormElement>('main form[method=post]')
  if (kept?.waiting === true && kept.page.split('?')[0] === here && form !== null) {
    fill(form, kept.fields)
    sessionStorage.removeItem(KEY)
  } else if (kept?.waiting === true) {
    const note = root.querySelector<HTMLElement>('[data-kept]')
    const link = note?.querySelector('a')
    if (note != null && link != null) {
      link.href = kept.page
      note.hidden = false
    }
  } else {
    sessionStorage.removeItem(KEY)
  }
  root.addEventListener('submit', (event) => {
    const sent = event.target as HTMLFormElement
    if (sent.method !== 'post' || sent.closest('main') === null) return
    const typed = fields(sent)
    if (typed.length === 0) return
    const page = location.pathname + location.search
    sessionStorage.setItem(KEY, JSON.stringify({ page, fields: typed, waiting: false }))
  })
  root.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || form === null) return
    event.preventDefault()
    form.requestSubmit()
  })
}
