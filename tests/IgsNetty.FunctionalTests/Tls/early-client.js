// Speaks docs/protocol.md by itself: dials with TLS and writes Hello, an open, data and the end before the handshake is over, so that
// all of it follows Finished at once. Arguments: link port, target port, certificate, key, authority, how often. Prints one line a
// connection: what came back on stream 1.
'use strict';
const tls = require('tls');
const fs = require('fs');
const crypto = require('crypto');
const [link, target, cert, key, ca, count] = process.argv.slice(2);

const frame = (type, id, payload) => {
  const head = Buffer.alloc(8);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head.writeUInt32BE(id, 4);
  return Buffer.concat([head, payload]);
};

const hello = (name) => {
  const fixed = Buffer.alloc(24);
  fixed.write('IGSN', 0, 'latin1');
  fixed.set([1, 1, 2, 0], 4);
  fixed.writeUInt32BE(65536, 12);
  fixed.writeUInt32BE(100, 16);
  fixed.writeUInt32BE(65536, 20);
  return frame(0x01, 0, Buffer.concat([fixed, crypto.randomBytes(32), Buffer.from([name.length]), Buffer.from(name)]));
};

const open = () => {
  const payload = Buffer.alloc(16);
  payload[0] = 1;
  payload.writeUInt32BE(65536, 4);
  payload[8] = 1;
  payload.writeUInt16BE(Number(target), 9);
  payload.set([127, 0, 0, 1], 11);
  return frame(0x10, 1, payload);
};

const once = (number) => new Promise((done, failed) => {
  const bytes = Buffer.from(`call ${number} `.repeat(1 + number % 900));
  const options = { host: '127.0.0.1', port: Number(link), cert: fs.readFileSync(cert), key: fs.readFileSync(key), ca: fs.readFileSync(ca),
    minVersion: 'TLSv1.3', checkServerIdentity: () => undefined };
  const socket = tls.connect(options);
  socket.write(Buffer.concat([hello('site-a'), open(), frame(0x12, 1, bytes), frame(0x13, 1, Buffer.alloc(0))]));
  let came = Buffer.alloc(0);
  const echoed = [];
  socket.on('data', (piece) => {
    came = Buffer.concat([came, piece]);
    while (came.length >= 8 && came.length >= 8 + came.readUIntBE(0, 3)) {
      const length = came.readUIntBE(0, 3);
      const type = came[3];
      const id = came.readUInt32BE(4);
      if (type === 0x12 && id === 1) echoed.push(Buffer.from(came.subarray(8, 8 + length)));
      if (type === 0x13 && id === 1) {
        done(Buffer.concat(echoed).equals(bytes) ? 'echoed' : 'wrong bytes');
        socket.end();
      }
      if (type === 0x14 || type === 0x22) failed(new Error(`frame ${type}: ${came.subarray(8, 8 + length).toString('latin1')}`));
      came = came.subarray(8 + length);
    }
  });
  socket.on('error', failed);
  socket.on('close', () => failed(new Error('closed')));
});

(async () => {
  for (let i = 0; i < Number(count); i++) console.log(await once(i));
})().catch((e) => { console.error(e.message); process.exit(1); });
