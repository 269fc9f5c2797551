// A button that prints needs a script, so it is hidden until there is one.
export function printButtons (root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => { window.print() })
  }
}
