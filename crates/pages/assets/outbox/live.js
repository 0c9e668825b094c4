// What arrives, as it arrives: a stream of events, resumed by the last number seen; polling while there is no stream.

import { call, read } from "./access.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Splits a stream of server-sent events into their data, parsed. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
      if (data.length) yield JSON.parse(data.join("\n"));
    }
  }
}

/** Calls `arrived(entries)` for ever; `last()` says which number was seen last, `state(name)` hears how it goes. */
export async function follow({ last, arrived, state }) {
  for (;;) {
    try {
      const response = await call(`/outbox/events?after=${last()}`, { headers: { accept: "text/event-stream" } });
      state("live");
      for await (const entry of events(response.body)) arrived([entry]);
      await wait(200);
    } catch {
      state("polling");
      for (let round = 0; round < 5; round += 1) {
        await wait(2000);
        try {
          arrived((await read(`/outbox/messages?after=${last()}`)).items);
        } catch {
          state("offline");
        }
      }
    }
  }
}
