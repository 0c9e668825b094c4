// The live connection. It reconnects by itself, and tells when it is back: there is no replay, so one reads again then.

import { connection, user } from "./client.js";

const LONGEST_WAIT_MS = 10_000;

/** Listens. `on` is called with each event, `back` whenever the connection is (again) there, `away` when it is not. */
export function listen(token, { on, back, away }) {
  let socket;
  let timer;
  let wait = 500;
  let pings;

  function open() {
    clearTimeout(timer);
    const query = new URLSearchParams({ auth: token, cid: connection, iwpv: "v1", userId: user });
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/?${query}`);
    const say = (action, data) => socket.send(JSON.stringify({ tid: String(performance.now()), action, data }));
    socket.onopen = () => {
      wait = 500;
      say("get-config");
      say("subscribe", { channel: user, event: "*" });
      clearInterval(pings);
      pings = setInterval(() => socket.readyState === WebSocket.OPEN && say("ping"), 60_000);
      back();
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.action === "ping") socket.send(JSON.stringify({ tid: frame.tid, action: "pong" }));
      else if (frame.event === "reconnect") retry((frame.retryAfter ?? 1) * 1000);
      else if (frame.event) on(frame);
    };
    socket.onclose = () => {
      away();
      retry(wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  }

  function retry(ms) {
    clearInterval(pings);
    socket.onclose = null;
    socket.close();
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  }

  const look = () => socket.readyState > WebSocket.OPEN && retry(0);
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  open();
}
