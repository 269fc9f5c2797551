// "/" moves to the search box, as officials who open matters by number all day
// expect. Typing in a field is never intercepted.
export function quickOpen (root: Document): void {
  const box = root.querySelector<HTMLInputElement>('input[data-quick-open]')
  if (box === null) return
  root.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement | null
    const typing = target?.closest('input, textarea, select, [contenteditable]') != null
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      box.focus()
      box.select()
    }
  })
}
