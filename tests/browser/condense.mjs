// Makes of what was seen a record that two runs write alike: names, never values, and all of it sorted.
import { vendorOf } from './standins/catalogue.mjs';

const MOST_LAYERS = 4;                    // an address inside an address is encoded once more each time

export class Condenser {
  constructor(answers, host, markers) {
    this.pages = new Map(answers.filter((a) => a.page).map((a) => [a.path, a]));
    this.origin = `https://${host}`;
    this.markers = Object.entries(markers);
  }

  pageOf(address) {
    const path = address.startsWith(this.origin) ? new URL(address).pathname : null;
    return this.pages.get(path)?.page ?? 'elsewhere';
  }

  sent(request) {
    const url = new URL(request.url);
    const given = [...url.searchParams, ...new URLSearchParams(isForm(request.body) ? request.body : '')];
    const carries = given.map(([name, value]) => this.carried(name, value, request)).filter(Boolean);
    const referer = request.referer && this.carriedReferer(request);
    if (referer) carries.push(referer);
    return {
      page: this.pageOf(request.document),
      consent: request.agreed ? 'given' : 'none',
      vendor: vendorOf(url.hostname),
      host: url.hostname,
      path: url.pathname,
      parameters: distinct(given.map(([name]) => name)),
      carries: bySortedText(carries),
    };
  }

  carried(name, value, request) {
    const plain = decoded(value);
    if (plain.startsWith(this.origin)) return this.carriedAddress(value, name, value !== request.document);
    if (request.title && plain === request.title) return { parameter: name, what: 'title', names: this.named(plain) };
    const names = distinct([...this.named(plain), ...fieldNames(plain)]);
    return names.length ? { parameter: name, what: 'value', names } : null;
  }

  carriedAddress(value, parameter, another) {
    const url = new URL(value);
    const segments = Object.keys(this.pages.get(url.pathname)?.segments ?? {});
    const names = distinct([...segments, ...url.searchParams.keys()]);
    return { parameter, what: another ? 'other address' : 'address', names };
  }

  // A header that tells no more than the site is not worth a line in each entry.
  carriedReferer({ referer, document }) {
    const carried = this.carriedAddress(referer, 'referer header', referer !== document);
    return carried.names.length ? carried : null;
  }

  named(text) {
    return distinct(this.markers.filter(([, value]) => text.includes(value)).map(([name]) => name));
  }
}

export function merged(entries) {
  const groups = new Map();
  for (const { moment, ...rest } of entries) {
    const key = JSON.stringify(rest);
    if (!groups.has(key)) groups.set(key, { ...rest, moments: [] });
    groups.get(key).moments.push(moment);
  }
  for (const group of groups.values()) group.moments = distinct(group.moments);
  return bySortedText([...groups.values()]);
}

function decoded(text) {
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    let plainer;
    try { plainer = decodeURIComponent(text); } catch { return text; }
    if (plainer === text) return text;
    text = plainer;
  }
  return text;
}

function fieldNames(text) {
  if (!text.startsWith('[{')) return [];
  return JSON.parse(text).map((field) => field.name).filter(Boolean);
}

function isForm(body) {
  return /^[\w.[\]%-]+=/.test(body);
}

function distinct(values) {
  return [...new Set(values)].sort();
}

function bySortedText(values) {
  return values.map((value) => [JSON.stringify(value), value]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, value]) => value);
}
