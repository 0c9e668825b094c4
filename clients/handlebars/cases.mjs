// Templates in the syntax that Tidings and handlebars.js share, each rendered with `data`.
// Left out on purpose: single braces, helpers that only one of them has, and how each escapes HTML.

export const data = {
  name: 'Ada', n: 3, f: 1.5, zero: 0, yes: true, no: false, none: null, blank: '', empty: [],
  user: { name: 'Bo', tags: ['x', 'y'], inner: { deep: 1 } },
  items: [{ name: 'Tea', sizes: ['s', 'm'] }, { name: 'Milk', sizes: [] }],
  list: ['a', 'b', 'c'], map: { k1: 'v1', k2: 'v2' }, nested: [[1, 2], [3]], 'odd key': 'odd', text: '<b> {{name}}'
}

const bodies = [
  'plain', '{{name}}', '{{ name }}', '{{{text}}}', '{{&name}}', '{{user.name}}', '{{user/name}}', '{{this.name}}', '{{./name}}',
  '{{items.1.name}}', '{{items.[0].name}}', '{{[odd key]}}', '{{gone}}', '{{gone.deeper}}', '{{none}}', '{{list.length}}',
  '{{n}} {{f}} {{zero}} {{yes}} {{no}}', '{{! note }}x{{!-- {{y}} --}}', 'a {{~name~}} b', 'a {{~! x ~}} b', '\\{{name}} {{name}}',
  '{{#if yes}}a{{/if}}', '{{#if no}}a{{else}}b{{/if}}', '{{#if zero}}a{{else}}b{{/if}}', '{{#if zero includeZero=true}}a{{else}}b{{/if}}',
  '{{#if empty}}a{{else}}b{{/if}}', '{{#if blank}}a{{else}}b{{/if}}', '{{#if user}}a{{/if}}', '{{#if gone}}a{{else if yes}}b{{else}}c{{/if}}',
  '{{#if no}}a{{^}}b{{/if}}', '{{#unless no}}a{{/unless}}', '{{#unless yes}}a{{else}}b{{/unless}}',
  '{{#each list}}{{this}}{{@index}}{{#unless @last}}, {{/unless}}{{/each}}', '{{#each map}}{{@key}}={{.}};{{/each}}',
  '{{#each items}}{{name}}:{{#each sizes}}{{this}}{{../name}}{{@../index}}{{else}}-{{/each}} {{/each}}',
  '{{#each empty}}a{{else}}b{{/each}}', '{{#each gone}}a{{else}}b{{/each}}', '{{#each nested}}{{#each this}}{{this}}{{/each}}|{{/each}}',
  '{{#each items as |item i|}}{{i}}{{item.name}}{{/each}}', '{{#each items}}{{@first}} {{@last}} {{/each}}',
  '{{#with user}}{{name}}{{../name}}{{#with inner}}{{deep}}{{../name}}{{../../name}}{{/with}}{{/with}}', '{{#with gone}}a{{else}}b{{/with}}',
  '{{#with user as |u|}}{{u.name}}{{/with}}', '{{#user}}{{name}}{{/user}}', '{{#items}}{{name}}{{/items}}', '{{^no}}a{{/no}}', '{{^yes}}a{{/yes}}',
  '{{#yes}}a{{/yes}}', '{{#no}}a{{else}}b{{/no}}', '{{#with user}}{{@root.name}}{{/with}}', '{{lookup list 1}}', '{{lookup user "name"}}',
  '{{#if (lookup user "gone")}}a{{else}}b{{/if}}', '{{{{raw}}}} {{name}} {{{{/raw}}}}', '{{#each list}}{{#if @first}}<{{/if}}{{this}}{{#if @last}}>{{/if}}{{/each}}'
]

const frames = [
  body => body,
  body => `a\n${body}\nb`,
  body => `{{#if yes}}\n  ${body}\n{{/if}}\n`,
  body => `  {{#unless no}}  \n${body}\n  {{else}}\nx\n{{/unless}} \r\nend`,
  body => `{{#each list}}\n{{#with @root}}\n${body}\n{{/with}}\n{{/each}}`,
  body => `{{#if yes~}}  ${body}  {{~/if}} . {{! alone }}\n`
]

// A raw block needs a helper of its name in handlebars.js, and is no place for line ends around tags.
export const cases = frames.flatMap((frame, index) =>
  bodies.filter(body => index === 0 || !body.includes('{{{{')).map(body => frame(body)))
