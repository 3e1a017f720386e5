// Keeps a view up to date. When the stream has a change that matters to it, the view is asked for again, and what the server wrote takes
// the place of what is there: there is one place where a view is made, and nothing from outside becomes markup here.
"use strict";

const pauseMilliseconds = 1000;
const main = document.getElementById("content");
const sign = document.getElementById("live");

let events = null;

// Only while somebody looks: a browser has six connections to a server, and other tabs need one, too.
function follow() {
    if (!main.dataset.stream || document.hidden || events) return;
    events = new EventSource(main.dataset.stream);
    events.onopen = () => { sign.textContent = "Live"; };
    events.onerror = () => {
        sign.textContent = "Connecting again …";
        // The server has answered with an error: the stream does not go on from there, and a new view says from where it does.
        if (events.readyState === EventSource.CLOSED) refreshIn(5 * pauseMilliseconds);
    };
    events.onmessage = () => refreshIn(pauseMilliseconds);
}

function leave() {
    events?.close();
    events = null;
}

function refreshIn(milliseconds) {
    leave();
    setTimeout(refresh, milliseconds);
}

async function refresh() {
    if (document.hidden) return;
    try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const next = new DOMParser().parseFromString(await answer.text(), "text/html");
        replace(next.getElementById("live-content"));
        main.dataset.stream = next.getElementById("content").dataset.stream ?? "";
    } catch {
        sign.textContent = "Connecting again …";
        refreshIn(5 * pauseMilliseconds);
        return;
    }
    follow();
}

function replace(next) {
    const old = document.getElementById("live-content");
    const known = new Set(Array.from(old.querySelectorAll("[data-change]"), (row) => row.dataset.change));
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const opened = old.querySelector("details[open]") !== null;
    old.replaceWith(next);
    for (const row of next.querySelectorAll("[data-change]")) row.classList.toggle("fresh", !known.has(row.dataset.change));
    for (const details of next.querySelectorAll("details")) details.open = opened;
    if (focused) Array.from(next.querySelectorAll("a")).find((link) => link.getAttribute("href") === focused)?.focus();
}

if (main.dataset.stream) {
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else refresh(); });
    addEventListener("pagehide", leave);
    addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });
    follow();
}
