// A button that reads the page aloud, with the browser's own voice: shown only where there is a voice of the page's
// language, so that nobody presses it for nothing. Forms, menus and what is folded away are not read.
const LONGEST = 160

/** The words of the page in pieces short enough for every engine, cut where a sentence ends. */
export function pieces (text: string): string[] {
  const sentences = text.match(/[^。！？；.!?;\n]+[。！？；.!?;\n]*/g) ?? []
  const parts: string[] = []
  for (const sentence of sentences.map((one) => one.trim()).filter((one) => one !== '')) {
    for (let at = 0; at < sentence.length; at += LONGEST) parts.push(sentence.slice(at, at + LONGEST))
  }
  return parts
}

function wordsOf (main: HTMLElement): string {
  const copy = main.cloneNode(true) as HTMLElement
  for (const quiet of copy.querySelectorAll('form, nav, aside, script, .govuk-visually-hidden, details:not([open]) > :not(summary), [hidden]')) quiet.remove()
  // Headings and cells end like sentences, so that they are not run into one another.
  for (const block of copy.querySelectorAll('h1, h2, h3, p, li, dt, dd, td, th, summary')) block.append('\n')
  return copy.textContent ?? ''
}

export function readAloud (root: Document): void {
  const buttons = root.querySelectorAll<HTMLButtonElement>('button[data-speak]')
  const main = root.querySelector('main')
  const engine = window.speechSynthesis as SpeechSynthesis | undefined
  if (buttons.length === 0 || main === null || engine === undefined) return
  const language = root.documentElement.lang
  const show = (): void => {
    const spoken = engine.getVoices().some((voice) => voice.lang.replace('_', '-').slice(0, 2) === language.slice(0, 2))
    for (const button of buttons) button.hidden = !spoken
  }
  const label = (reading: boolean): void => {
    for (const button of buttons) {
      button.textContent = (reading ? button.dataset.stop : button.dataset.speak) ?? ''
      button.setAttribute('aria-pressed', String(reading))
    }
  }
  let reading = false
  const stop = (): void => {
    reading = false
    engine.cancel()
    label(false)
  }
  const start = (): void => {
    engine.cancel()
    reading = true
    label(true)
    const parts = pieces(wordsOf(main))
    parts.forEach((part, index) => {
      const said = new SpeechSynthesisUtterance(part)
      said.lang = language
      said.rate = 0.9
      if (index === parts.length - 1) said.addEventListener('end', stop)
      engine.speak(said)
    })
  }
  for (const button of buttons) button.addEventListener('click', () => { if (reading) stop(); else start() })
  window.addEventListener('pagehide', () => { engine.cancel() })
  engine.addEventListener?.('voiceschanged', show)
  show()
}
