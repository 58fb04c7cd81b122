// One port on this machine that stands for every server there is.
//
// The browser resolves each name to this port, so nothing it asks for can leave the machine, and what
// arrives here is what really went onto the wire. The site's own host is answered from the crawled folder,
// a vendor's loader by its stand-in, anything else by an empty answer of a fitting type.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { standInFor } from './standins/catalogue.mjs';

const TLS_HANDSHAKE = 0x16;               // the first byte of a TLS connection; no HTTP method starts so
const PIXEL = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACADs=', 'base64');
const EMPTY = {
  script: ['text/javascript', ''],
  style: ['text/css', ''],
  image: ['image/gif', PIXEL],
  iframe: ['text/html', '<!doctype html><title>elsewhere</title>'],
};

export class Sink {
  constructor(site, host) {
    this.host = host;
    this.site = site;
    this.answers = new Map();
    for (const answer of JSON.parse(fs.readFileSync(path.join(site, 'answers.json'), 'utf8'))) {
      this.answers.set(`${answer.method} ${answer.path}`, answer);
    }
    this.arrived = [];                    // what came for other hosts than the site's
    this.missing = [];                    // what the site was asked for and the crawl does not have
    this.open = new Set();
  }

  async start(scratch) {
    const answer = (request, response) => this.answer(request, response);
    this.plain = http.createServer(answer);
    this.secure = https.createServer(certificate(scratch), answer);
    this.secure.on('tlsClientError', () => {});
    this.door = net.createServer((socket) => this.sort(socket));
    await new Promise((ready) => this.door.listen(0, '127.0.0.1', ready));
    return this.door.address().port;
  }

  sort(socket) {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket)).on('error', () => {});
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? this.secure : this.plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  async stop() {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => this.door.close(done));
  }

  async answer(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const url = `https://${request.headers.host}${request.url}`;
    if (request.headers.host === this.host) return this.answerOwn(request, response, new URL(url));
    this.arrived.push({
      url, referer: request.headers.referer ?? null, body: Buffer.concat(pieces).toString(),
      fromPage: !['none', undefined].includes(request.headers['sec-fetch-site']),
    });
    return answerForeign(request, response, url);
  }

  answerOwn(request, response, url) {
    const known = this.answers.get(`${request.method} ${url.pathname}`);
    if (!known) {
      if (url.pathname !== '/favicon.ico') this.missing.push(`${request.method} ${url.pathname}`);
      return response.writeHead(404).end();
    }
    response.writeHead(known.status, { ...known.headers, 'Set-Cookie': known.cookies, 'Cache-Control': 'no-store' });
    return response.end(fs.readFileSync(path.join(this.site, known.file)));
  }
}

function answerForeign(request, response, url) {
  const [type, body] = standInFor(url) ?? EMPTY[request.headers['sec-fetch-dest']] ?? ['text/plain', ''];
  response.writeHead(200, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': request.headers.origin ?? '*',
    'Access-Control-Allow-Credentials': 'true',
  });
  response.end(body);
}

function certificate(scratch) {
  const key = path.join(scratch, 'key.pem');
  const cert = path.join(scratch, 'cert.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost',
    '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
}
