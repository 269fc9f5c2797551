// 快速离开: the page is covered at once and its place in the history taken by the neutral page, so that
// "back" does not lead to it.
import { ExitThisPage } from 'govuk-frontend'

export class Exit extends ExitThisPage {
  exitPage(): void {
    document.body.classList.add('govuk-exit-this-page-hide-content')
    const cover = document.createElement('div')
    cover.className = 'govuk-exit-this-page-overlay'
    document.body.appendChild(cover)
    const button = this.$root.querySelector<HTMLAnchorElement>('.govuk-exit-this-page__button')
    if (button) window.location.replace(button.href)
  }
}
