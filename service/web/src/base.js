// What every page loads: the stylesheet, and htmx.
import '@tabler/core/dist/css/tabler.min.css'
import './base.css'
import 'htmx.org'
