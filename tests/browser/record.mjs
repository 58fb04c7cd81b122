// Takes invented visitors through a crawled site in a browser, and notes what leaves it.
//
//   node record.mjs SITE TOUR OUT
//
// SITE is a folder that crawl.py wrote, TOUR says who visits and how, OUT is the record to write.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { Condenser, merged } from './condense.mjs';
import { Sink } from './sink.mjs';

const QUIET = 500;                        // milliseconds without a request after which a step has ended
const LONGEST = 10000;

const [site, tourFile, out] = process.argv.slice(2);
const tour = JSON.parse(fs.readFileSync(tourFile, 'utf8'));
const origin = `https://${tour.host}`;

function chromiumPath() {
  // Debian's wrapper script switches off pings, which an ordinary visitor's browser sends.
  const found = [process.env.CHROMIUM, '/usr/lib/chromium/chromium', '/usr/bin/chromium'].find((p) => p && fs.existsSync(p));
  if (!found) throw new Error('no Chromium: apt-get install -y chromium, or name one in CHROMIUM');
  return found;
}

function launch(port) {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      `--host-resolver-rules=MAP * 127.0.0.1:${port}`,
      '--ignore-certificate-errors', '--no-sandbox', '--disable-quic', '--disable-gpu', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--disable-features=AutofillServerCommunication,OptimizationHints,Translate,MediaRouter,HttpsUpgrades,LocalNetworkAccessChecks',
    ],
  });
}

// One visitor with a profile of their own. Knows the page, the moment and the consent of each request.
class Visit {
  constructor(visitor, context, sink) {
    Object.assign(this, { visitor, context, sink, moment: 'opens', agreed: false, asked: new Map(), stored: [] });
    this.kept = new Map();
    this.pending = new Set();
    this.lastRequest = Date.now();
    context.on('request', (request) => this.noticed(request));
    context.on('requestfinished', (request) => this.pending.delete(request));
    context.on('requestfailed', (request) => this.pending.delete(request));
  }

  noticed(request) {
    this.lastRequest = Date.now();
    this.pending.add(request);
    const frame = request.frame();
    const top = frame.page().mainFrame();
    const origins = this.asked.get(request.url()) ?? [];
    origins.push({ document: top.url(), agreed: this.agreed, moment: this.label() });
    this.asked.set(request.url(), origins);
  }

  label() {
    return `${this.visitor.name}: ${this.moment}`;
  }

  async run() {
    this.page = await this.context.newPage();
    this.page.on('framenavigated', () => this.pending.clear());   // nobody tells how those of a left page end
    const from = this.sink.arrived.length;
    for (const step of this.visitor.steps) {
      this.moment = step.moment ?? this.moment;
      if (step.agrees) this.agreed = true;
      await this.take(step);
      await this.settle();
      if (step.refuses) this.agreed = false;
      await this.look();
    }
    await this.context.close();
    return this.sink.arrived.slice(from).map((request) => this.explained(request)).filter(Boolean);
  }

  async take(step) {
    const page = this.page;
    if (step.open) await page.goto(origin + step.open);
    else if (step.reload) await page.reload();
    else if (step.choose) await page.selectOption(step.choose, step.option);
    else if (step.check) await page.check(step.check);
    else if (step.fill) await page.fill(step.fill, step.text);
    else if (step.send) await this.post(step);
    else await page.click(step.click);
  }

  // Sends a form that the site expects but does not show.
  async post(step) {
    await this.page.evaluate(({ send, data }) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: send });
      for (const [name, value] of Object.entries(data)) {
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
      document.body.append(form);
      form.submit();
    }, step);
    await this.page.waitForURL((url) => url.pathname !== step.send);
  }

  async settle() {
    await this.page.waitForLoadState('load');
    const begin = Date.now();
    this.lastRequest = begin;
    while (this.busy() && Date.now() - begin < LONGEST) {
      await new Promise((wake) => setTimeout(wake, 50));
    }
    this.titles = { ...this.titles, [this.page.url()]: await this.page.title() };
  }

  busy() {
    return this.pending.size > 0 || Date.now() - this.lastRequest < QUIET;
  }

  // Notes what the browser keeps now and did not keep before, and what it no longer keeps.
  async look() {
    const before = this.kept;
    this.kept = new Map();
    for (const cookie of await this.context.cookies()) {
      const days = cookie.expires < 0 ? null : Math.round((cookie.expires - Date.now() / 1000) / 86400);
      this.keep({ kind: 'cookie', name: cookie.name, host: cookie.domain, days });
    }
    for (const [kind, name] of await this.stores()) this.keep({ kind, name, host: tour.host, days: null });
    for (const [key, item] of this.kept) if (!before.has(key)) this.changed('kept', item);
    for (const [key, item] of before) if (!this.kept.has(key)) this.changed('gone', item);
  }

  stores() {
    if (this.visitor.script === false) return [];
    return this.page.evaluate(() => ['localStorage', 'sessionStorage']
      .flatMap((kind) => Object.keys(window[kind]).map((name) => [kind, name])));
  }

  keep(item) {
    this.kept.set(`${item.kind} ${item.host} ${item.name}`, item);
  }

  changed(change, item) {
    this.stored.push({ change, ...item, document: this.page.url(), agreed: this.agreed, moment: this.label() });
  }

  explained(request) {
    const known = this.asked.get(request.url)?.shift();   // the same address is asked for in the same order
    // A browser has errands of its own (the time, updates): no page is behind those.
    if (!known && !request.fromPage) return null;
    if (!known) throw new Error(`the browser did not say which page asked for ${request.url}`);
    return { ...request, ...known, title: this.titles[known.document] };
  }
}

async function main() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'gdprlint-browser-'));
  const sink = new Sink(site, tour.host);
  const browser = await launch(await sink.start(scratch));
  const requests = [];
  const stored = [];
  try {
    for (const visitor of tour.visitors) {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true, locale: 'de-DE', javaScriptEnabled: visitor.script !== false,
      });
      const visit = new Visit(visitor, context, sink);
      requests.push(...await visit.run());
      stored.push(...visit.stored);
    }
  } finally {
    await browser.close();
    await sink.stop();
    fs.rmSync(scratch, { recursive: true });
  }
  if (sink.missing.length) throw new Error(`the crawl has no answer to ${sink.missing.join(', ')}`);
  fs.writeFileSync(out, asText(condensed([...sink.answers.values()], requests, stored)));
}

function condensed(answers, requests, stored) {
  const condenser = new Condenser(answers, tour.host, tour.markers);
  return {
    sent: merged(requests.map((request) => ({ ...condenser.sent(request), moment: request.moment }))),
    stored: merged(stored.map(({ document, agreed, ...item }) => ({
      page: condenser.pageOf(document), consent: agreed ? 'given' : 'none', ...item,
    }))),
  };
}

// One line for each entry, so that a change is read as the lines that changed.
function asText(record) {
  const lists = Object.entries(record).map(([name, entries]) => {
    const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`);
    return ` ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n ]`;
  });
  return `{\n${lists.join(',\n')}\n}\n`;
}

await main();
