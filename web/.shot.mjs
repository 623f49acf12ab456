import { chromium } from '@playwright/test'
const base = process.argv[2] ?? 'http://127.0.0.1:18080'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-background-networking'] })
for (const [loc, w, h, scheme] of [['zh-CN',1440,900,'light'],['en',1440,900,'dark'],['zh-CN',390,844,'light'],['en',390,844,'light']]) {
  const ctx = await b.newContext({ viewport: { width: w, height: h }, locale: loc, colorScheme: scheme })
  const p = await ctx.newPage()
  const r = await ctx.request.post(base + '/api/v1/session', { data: { email: 'admin@example.com', password: 'correct horse battery' }, headers: { Origin: base } })
  if (!r.ok()) console.log(await r.text())
  for (const [name, path] of (process.argv[3] ? [[ 'x', process.argv[3] ]] : [['home','/'],['customers','/customers?sort=-total_spend'],['c360','/customers/12375'],['c360b','/customers/687'],['sources','/sources'],['imports','/imports'],['people','/people'],['company','/company']])) {
    await p.goto(base + path); await p.waitForTimeout(1200)
    await p.screenshot({ path: `/tmp/w/shots/${name}-${loc}-${w}.png` })
  }
  await ctx.close()
}
await b.close()
