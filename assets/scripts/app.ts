// What every page gets: behaviour of the components that have some. Pages work
// without it; this only makes them kinder.
import { Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, createAll } from 'govuk-frontend'
import { drafts } from './draft'
import { Exit } from './exit'
import { places } from './place'
import { printButtons } from './print'
import { readAloud } from './speak'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

createAll(Button, { preventDoubleClick: true })
createAll(Checkboxes)
createAll(ErrorSummary)
createAll(Exit)
createAll(NotificationBanner)
createAll(Radios)
createAll(ServiceNavigation)
printButtons(document)
places(document)
readAloud(document)
drafts(document)
