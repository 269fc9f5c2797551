// A list is not drawn anew under somebody's hands: not while rows are ticked, something is unfolded or being typed.
export function calmLists (root: Document): void {
  const busy = (list: Element): boolean =>
    list.querySelector('input[type=checkbox][name=pick]:checked, details[open]') !== null ||
    list.contains(root.activeElement)
  const hold = (event: Event): void => {
    const list = (event.target as Element | null)?.closest('#work')
    if (list != null && busy(list)) event.preventDefault()
  }
  root.addEventListener('htmx:before:request', hold)
  root.addEventListener('htmx:beforeRequest', hold)
}
