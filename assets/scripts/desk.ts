// The desk's extra: lists that stay live, the work list's keyboard, and what was typed when a session ran out.
// Settings stand in the page (`meta name="htmx-config"`), because our content
// policy allows neither inline styles nor evaluated strings.
import 'htmx.org'
import { keepTyped } from './keep'
import { calmLists } from './calm'
import { quickOpen } from './quick-open'

quickOpen(document)
keepTyped(document)
calmLists(document)
