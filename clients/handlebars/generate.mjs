// Writes what handlebars.js prints for every case to the fixture that the template suite compares with.
import { writeFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { cases, data } from './cases.mjs'

Handlebars.registerHelper('raw', function (options) { return options.fn(this) })
const rendered = cases.map(template => [template, Handlebars.compile(template, { noEscape: true })(data)])
const lines = rendered.map(pair => JSON.stringify(pair)).join(',\n')
const path = new URL('../../crates/template/tests/suite/handlebars.json', import.meta.url)
writeFileSync(path, `{"data": ${JSON.stringify(data)}, "cases": [\n${lines}\n]}\n`)
