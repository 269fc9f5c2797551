// A place asked for by name: suggestions while one types, as an editable combobox with a list
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without this the form answers with the list itself.
interface Place { code: string, full_name: string, service_areas: string[] }

const WAIT = 150
const SHOWN = '8'

function combobox (box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type=text]')
  const { place: code, for: chosenFor } = box.dataset
  if (input === null || code === undefined || chosenFor === undefined) return
  const list = document.createElement('ul')
  list.id = `${input.id}-list`
  list.className = 'hf-place__list'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', box.dataset.list ?? '')
  list.hidden = true
  const said = document.createElement('div')
  said.className = 'govuk-visually-hidden'
  said.setAttribute('role', 'status')
  box.append(list, said)
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id]]) {
    input.setAttribute(name, value)
  }
  const hidden = (name: string): HTMLInputElement => {
    const there = box.querySelector<HTMLInputElement>(`input[type=hidden][name="${name}"]`)
    if (there !== null) return there
    const made = document.createElement('input')
    made.type = 'hidden'
    made.name = name
    box.append(made)
    return made
  }
  let places: Place[] = []
  let current = -1
  let turn = 0
  let timer = 0

  const close = (): void => {
    list.hidden = true
    current = -1
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }
  const mark = (index: number): void => {
    current = index
    for (const [at, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(at === index))
    const option = list.children[index]
    if (option === undefined) input.removeAttribute('aria-activedescendant')
    else {
      input.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    }
  }
  const choose = (index: number): void => {
    const place = places[index]
    if (place === undefined) return
    input.value = place.full_name
    hidden(code).value = place.code
    hidden(chosenFor).value = place.full_name
    // What the page offered for another text is not meant any more.
    box.closest('form')?.querySelector('.hf-place__offered')?.remove()
    close()
  }
  const show = (found: Place[]): void => {
    places = found
    list.replaceChildren(...found.map((place, index) => {
      const option = document.createElement('li')
      option.id = `${list.id}-${index}`
      option.setAttribute('role', 'option')
      option.setAttribute('aria-selected', 'false')
      option.textContent = place.full_name + (place.service_areas.length > 0 ? `（${place.service_areas.join('、')}）` : '')
      return option
    }))
    current = -1
    input.removeAttribute('aria-activedescendant')
    list.hidden = found.length === 0
    input.setAttribute('aria-expanded', String(found.length > 0))
    said.textContent = found.length === 0 ? box.dataset.none ?? '' : (box.dataset.found ?? '').replace('{n}', String(found.length))
  }
  const ask = async (): Promise<void> => {
    const text = input.value.trim()
    turn += 1
    const mine = turn
    if (text === '') {
      show([])
      said.textContent = ''
      return
    }
    const query = new URLSearchParams({ q: text, limit: SHOWN, level: box.dataset.level ?? 'village' })
    if (box.dataset.within !== undefined) query.set('parent', box.dataset.within)
    if (box.dataset.near !== undefined) query.set('near', box.dataset.near)
    try {
      const answer = await fetch(`/api/v1/areas?${query.toString()}`, { headers: { accept: 'application/json' } })
      // An answer that was overtaken by a later question is not shown; without an answer the form works as it is.
      if (mine !== turn || !answer.ok) return
      const body = await answer.json() as { items: Place[] }
      show(body.items)
    } catch {
      close()
    }
  }
  input.addEventListener('input', () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => { void ask() }, WAIT)
  })
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const open = !list.hidden
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) {
        void ask()
        return
      }
      const step = event.key === 'ArrowDown' ? 1 : -1
      mark((current + step + places.length + (current < 0 && step < 0 ? 1 : 0)) % places.length)
    } else if (event.key === 'Enter' && open && current >= 0) {
      event.preventDefault()
      choose(current)
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      close()
    }
  })
  // Before the line loses the focus, so that the list is still there to be chosen from.
  list.addEventListener('pointerdown', (event) => { event.preventDefault() })
  list.addEventListener('click', (event) => {
    const option = (event.target as HTMLElement).closest('[role=option]')
    if (option !== null) choose([...list.children].indexOf(option))
  })
  // Whoever has gone on is not followed by a list: what is still on its way counts no more.
  input.addEventListener('blur', () => {
    window.clearTimeout(timer)
    turn += 1
    close()
  })
}

export function places (root: Document): void {
  for (const box of root.querySelectorAll<HTMLElement>('[data-place]')) combobox(box)
}
