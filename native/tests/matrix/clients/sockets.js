// node: one way of using sockets a run. sockets.js WAY HOST PORT
'use strict';
const [, , way, host, port] = process.argv;

const ways = {
  http: () => require('http').get({ host, port, path: '/hello', agent: false }, (answer) => answer.pipe(process.stdout)),

  fetch: async () => process.stdout.write(await (await fetch(`http://${host}:${port}/hello`)).text()),

  net: () => {
    const call = require('net').connect(port, host, () => call.end('hello\n'));
    call.pipe(process.stdout);
  },

  many: async () => {
    const one = () => new Promise((done, failed) => {
      let all = '';
      const call = require('net').connect(port, host, () => call.end('hello\n'));
      call.on('data', (data) => { all += data; }).on('end', () => done(all)).on('error', failed);
    });
    process.stdout.write([...new Set(await Promise.all(Array.from({ length: 10 }, one)))].join(''));
  },

  // Nothing listens at the port: that is what is told, and no connect before.
  refused: () => require('net').connect(port, host, () => { console.log('connected'); process.exit(1); })
    .on('error', (error) => console.log(error.code === 'ECONNREFUSED' ? 'hello' : error.code)),

  dgram: () => {
    const flow = require('dgram').createSocket('udp4');
    flow.on('message', (data) => { process.stdout.write(data); flow.close(); });
    flow.send('hello\n', port, host);
    giveUp();
  },

  dgramConnected: () => {
    const flow = require('dgram').createSocket('udp4');
    flow.on('message', (data) => { process.stdout.write(data); flow.close(); });
    flow.connect(port, host, () => flow.send('hello\n'));
    giveUp();
  },

  dns: async () => {
    const resolver = new (require('dns').promises.Resolver)({ timeout: 30000, tries: 1 });
    resolver.setServers([host]);
    console.log((await resolver.resolve4(process.env.NAME)).join());
  },
};

function giveUp() {
  setTimeout(() => { console.error('no answer'); process.exit(1); }, 30000).unref();
}

ways[way]();
