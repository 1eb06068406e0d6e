/**
 * The photos and answers of this phone, in IndexedDB. An entry: {id, time, photo, answer, correction}, of which `answer` is
 * data.js's summary and `correction` the label that a person gave, or null.
 */

/** More are not kept: the oldest go first, but none with a correction that may not be exported yet. */
export const MOST_ENTRIES = 500;

// Two apps of one address have a history each.
const NAME = `pomona ${new URL("./", location.href).pathname}`;

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {});

async function within(mode, work) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("entries", mode);
    const request = work(transaction.objectStore("entries"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** All entries, the newest first. */
export async function entries() {
  return (await within("readonly", (store) => store.getAll())).reverse();
}

export const entry = (id) => within("readonly", (store) => store.get(id));

/** Keeps it, and returns its id. */
export async function keep(photo, answer) {
  const id = await within("readwrite", (store) => store.add({ time: Date.now(), photo, answer, correction: null }));
  if ((await within("readonly", (store) => store.count())) > MOST_ENTRIES) {
    const old = (await entries()).slice(MOST_ENTRIES).filter((one) => one.correction === null);
    for (const one of old) await remove(one.id);
  }
  return id;
}

/** `label` null takes the correction back. */
export async function correct(id, label) {
  const one = await entry(id);
  if (one) await within("readwrite", (store) => store.put({ ...one, correction: label }));
}

export const remove = (id) => within("readwrite", (store) => store.delete(id));
export const removeAll = () => within("readwrite", (store) => store.clear());
