// The desk's extra: lists that stay live, and the work list's keyboard.
// Settings stand in the page (`meta name="htmx-config"`), because our content
// policy allows neither inline styles nor evaluated strings.
import 'htmx.org'
import { quickOpen } from './quick-open'

quickOpen(document)
