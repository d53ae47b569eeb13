import { chromium } from 'playwright';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run'] });
const base='http://127.0.0.1:4500';
const c = await b.newContext({ viewport:{width:1200,height:800}, locale:'pt-BR'});
const p = await c.newPage();
await p.goto(base+'/login'); await p.getByLabel('E-mail').fill('ana@aurora.example'); await p.getByLabel('Senha').fill('renova-demo'); await p.getByRole('button',{name:'Entrar'}).click(); await p.waitForURL(base+'/');
for (const [n,u] of Object.entries({overview:'/',review:'/review',settings:'/settings',people:'/settings/people',audit:'/settings/audit',account:'/account',integration:'/integrations/meta'})) {
  for (const [s,w,cs] of [['d',1200,'light'],['m',320,'dark']]) {
    await p.setViewportSize({width:w,height:800}); await p.emulateMedia({colorScheme:cs});
    await p.goto(base+u); await p.waitForSelector('body[data-hydrated]',{timeout:15000}).catch(()=>{});
    await p.screenshot({path:`/tmp/shots/${n}-${s}.png`, fullPage:true});
  }
}
await b.close();
