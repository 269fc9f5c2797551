// A document that is written while one answers: the paper beside the form follows, a moment after the last letter.
// Without this it is drawn when the form is sent.
import { printButtons } from './print'

const WAIT = 500

export function drafts (root: Document): void {
  for (const box of root.querySelectorAll<HTMLElement>('[data-draft]')) {
    const form = box.querySelector('form')
    const paper = root.getElementById(box.dataset.draft ?? '')
    if (form !== null && paper !== null) follow(form, paper)
  }
}

function follow (form: HTMLFormElement, paper: HTMLElement): void {
  let timer = 0
  let asking: AbortController | undefined
  const ask = async (): Promise<void> => {
    asking?.abort()
    asking = new AbortController()
    const typed = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') typed.append(name, value)
    typed.set('then', 'live')
    try {
      const answer = await fetch(form.action, { method: 'POST', body: typed, signal: asking.signal })
      // When the session has changed the paper stays as it is; sending the form tells why.
      if (!answer.ok) return
      const open = paper.querySelector('details')?.open ?? false
      const down = paper.scrollTop
      const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html')
      paper.replaceChildren(...drawn.body.childNodes)
      const details = paper.querySelector('details')
      if (details !== null) details.open = open
      paper.scrollTop = down
      printButtons(paper)
    } catch {
      // Overtaken by the next letter, or no network: the paper stays as it was.
    }
  }
  form.addEventListener('input', () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => { void ask() }, WAIT)
  })
}
