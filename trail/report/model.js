// SPDX-License-Identifier: ISC
// The events of the page, joined: requests with their exits, children and sessions.

const outcomes = {
	allow: ["✓", "allowed"],
	deny: ["✗", "refused"],
	other: ["!", "failed"]
};

function readEvent(entry) {
	try {
		const event = JSON.parse(entry.line);
		if (typeof event === "object" && event !== null && !Array.isArray(event))
			return event;
	} catch (error) {
		return null;
	}
	return null;
}

// What is looked up by a word from a log is a Map: an object would know "constructor" as well.
const pluginOutcomes = new Map([["accept", "allow"], ["reject", "deny"], ["error", "other"]]);

// What became of a request: by writ itself, or by another plugin of sudo as writ_audit heard it.
function outcomeOf(event) {
	if (event.event === "decision")
		return event.decision === "allow" ? "allow" : "deny";
	return pluginOutcomes.get(str(event.event)) || null;
}

class Model {
	// entries: {line, place, io?, context?} in the order of the trail; context: not what was
	// asked for, but what belongs to it.
	constructor(entries) {
		this.items = []; // what the timeline shows, in order
		this.requests = [];
		this.sessions = new Map();
		this.unread = [];
		this.byId = new Map();
		const exits = [];
		for (const entry of entries) {
			const event = readEvent(entry);
			if (event)
				this.add({
					entry,
					event,
					kind: str(event.event),
					outcome: outcomeOf(event),
					children: []
				},
					exits);
			else
				this.unread.push(entry);
		}
		exits.forEach((item) => this.joinExit(item));
		this.requests.forEach((item) => this.joinParent(item));
		this.items.forEach((item, i) => { item.index = i; });
	}

	add(item, exits) {
		const {event, kind} = item;
		if (event.session)
			this.session(event).events++;
		if (item.outcome) {
			this.requests.push(item);
			if (!this.byId.has(str(event.id)))
				this.byId.set(str(event.id), item);
			if (event.session)
				this.session(event).requests++;
			this.items.push(item);
		} else if (kind === "exit") {
			exits.push(item);
			this.items.push(item);
		} else {
			if (kind === "session-open")
				this.session(event).open = event;
			else if (kind === "session-close")
				this.session(event).close = event;
			if (!item.entry.context)
				this.items.push(item);
		}
	}

	session(event) {
		const id = str(event.session);
		if (!this.sessions.has(id))
			this.sessions.set(id, {
				id,
				user: str(event.user),
				host: str(event.host),
				open: null,
				close: null,
				requests: 0,
				events: 0
			});
		return this.sessions.get(id);
	}

	// An exit stands at its request; alone only where that is not here.
	joinExit(item) {
		const request = this.byId.get(str(item.event.decision_id));
		if (request && !request.exit) {
			request.exit = item.event;
			this.items.splice(this.items.lastIndexOf(item), 1);
		} else if (item.entry.context) {
			this.items.splice(this.items.lastIndexOf(item), 1);
		}
	}

	joinParent(item) {
		const parent = this.byId.get(str(item.event.parent));
		if (parent && parent !== item) {
			item.parent = parent;
			parent.children.push(item);
		}
	}

	// How many requests there are for each key, most first; by outcome.
	count(keyOf) {
		const rows = new Map();
		for (const item of this.requests) {
			const key = keyOf(item);
			if (key === null)
				continue;
			const row = rows.get(key) || {key, allow: 0, deny: 0, other: 0, total: 0};
			row[item.outcome]++;
			row.total++;
			rows.set(key, row);
		}
		return [...rows.values()].sort(
			(a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
	}

	hosts() {
		return [...new Set([
			...this.items.map((item) => str(item.event.host)),
			...[...this.sessions.values()].map((session) => session.host)
		])].filter(Boolean)
			.sort();
	}
}

// The argument vector as texts; of a request whose vector is no array, nothing.
function argvOf(event) { return Array.isArray(event.argv) ? event.argv.map(str) : []; }

function commandLine(event) {
	const argv = argvOf(event);
	return argv.length ? argv.map(shellQuote).join(" ")
			   : str(event.program) || str(event.command);
}

// "0", "status 1", "signal 9", "not started: …"; "" where nothing is known.
function exitText(exit) {
	if (!exit)
		return "";
	if (exit.error)
		return "not started: " + str(exit.error);
	if (typeof exit.signal === "number")
		return "signal " + exit.signal;
	return "status " + str(exit.status);
}

// Milliseconds since 1970; NaN where there is no time.
function timeOf(event) { return Date.parse(str(event.time)); }

// "2026-11-21 22:40:09.123"; what is no time stands as it is.
function timeText(time) {
	const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{3})\d*)?Z$/.exec(str(time));
	return match ? match[1] + " " + match[2] + (match[3] ? "." + match[3] : "") : str(time);
}

function duration(seconds) {
	if (typeof seconds !== "number" || !(seconds >= 0))
		return "";
	if (seconds < 1)
		return (seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0) + " ms";
	if (seconds < 60)
		return seconds.toFixed(seconds < 10 ? 2 : 1) + " s";
	const s = Math.round(seconds), hours = Math.trunc(s / 3600);
	return (hours ? hours + " h " : "") + Math.trunc(s / 60) % 60 + " min" +
	       (hours ? "" : " " + s % 60 + " s");
}
