/** A ZIP archive of files that are small already: nothing is compressed. After APPNOTE.TXT 6.3.10, without ZIP64. */
const TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; ++bit) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers, each in as many bytes as is said, little-endian. */
function record(...fields) {
  const bytes = [];
  for (const [value, width] of fields) for (let i = 0; i < width; ++i) bytes.push(Math.floor(value / 256 ** i) % 256);
  return Uint8Array.from(bytes);
}

/** Names are UTF-8, which flag 11 says; version 2.0 reads it. */
const START = [[20, 2], [0x0800, 2], [0, 2]];

function dosTime(time) {
  const date = new Date(time);
  return [
    [(date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1), 2],
    [((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate(), 2],
  ];
}

/** `files`: [{name, time, bytes}], names with `/` for folders. */
export function zip(files) {
  const parts = [], directory = [];
  let offset = 0;
  for (const { name, time, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const about = [...START, ...dosTime(time), [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [path.length, 2], [0, 2]];
    const local = record([0x04034b50, 4], ...about);
    parts.push(local, path, bytes);
    directory.push(record([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), path);
    offset += local.length + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
