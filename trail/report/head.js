// SPDX-License-Identifier: ISC
// The head of the page: what was asked for, who it is about, the numbers, what is missing.

function definition(name, value) {
	const nothing = !value || (Array.isArray(value) && !value.length);
	return nothing ? [] : [el("dt", {}, name), el("dd", {}, value)];
}

function tile(number, name, kind) {
	return el("li", {class: "tile " + (kind || "")},
		el("strong", {}, number.toLocaleString("en")), el("span", {}, name));
}

function drawTiles(model, report) {
	const count = (outcome) => model.requests.filter((item) => item.outcome === outcome).length;
	const ran = model.requests.filter(
		(item) => item.event.event === "decision" && item.outcome === "allow");
	const failed = ran.filter((item) => item.exit && item.exit.status !== 0).length;
	const open = ran.filter((item) => !item.exit).length;
	byId("tiles").append(...[tile(model.requests.length,
					 model.requests.length === 1 ? "request" : "requests"),
		tile(count("allow"), "allowed", "allow"), tile(count("deny"), "refused", "deny"),
		count("other") ? tile(count("other"), "failed in sudo", "other") : null,
		tile(failed, "ended with an error", failed ? "other" : ""),
		open ? tile(open, "without a recorded end", "other") : null,
		tile(report.recordings, report.recordings === 1 ? "recording" : "recordings")]
				     .filter(Boolean));
}

// What the page is about, in one sentence.
function drawAbout(model) {
	const sessions = [...model.sessions.values()];
	const list = (set) => [...set].flatMap((word, i) => [i ? ", " : "", code(word)]);
	const users = new Set(model.requests.map((item) => str(item.event.user)));
	byId("about").append(...sessions.length === 1 && model.items.every((item) => item.event.session) ?
		["Session ", code(sessions[0].id), " of ", code(sessions[0].user), " on ", code(sessions[0].host)] :
		users.size > 0 && users.size < 4 ? ["Requests of ", ...list(users), " on ", ...list(model.hosts().slice(0, 8))] :
			[plural(model.requests.length, "request")]);
}

// Names in a row, not more than a head bears.
function nameList(names) {
	const shown = names.slice(0, 50).flatMap((name) => [code(name), " "]);
	return names.length > 50 ? [...shown, "and " + (names.length - 50) + " more"] : shown;
}

function policyNodes(model) {
	const policies = new Map(model.requests.map((item) => item.event.policy).filter(isObject)
		.map((policy) => [str(policy.path) + " " + str(policy.sha256), policy]));
	return [...policies.values()].slice(0, 20).map((policy) => el("div", {}, code(str(policy.path)), " ",
		el("span", {class: "digest", title: "SHA-256 of all files that were read"},
			code(str(policy.sha256)))));
}

function periodNodes(model) {
	const times = model.items.map((item) => str(item.event.time)).filter(Boolean);
	if (!times.length)
		return "nothing was found";
	const low = times.reduce((a, b) => a < b ? a : b), high = times.reduce((a, b) => a > b ? a : b);
	return [
		el("span", {class: "nowrap"}, visible(timeText(low))), " to ",
		el("span", {class: "nowrap"}, visible(timeText(high))), " UTC"
	];
}

function drawFacts(model, report) {
	const hosts = model.hosts(), users = new Set(model.requests.map((item) => str(item.event.user)));
	const command = ["writ", "report", ...report.arguments].map(shellQuote).join(" ");
	byId("facts").append(...[
		definition(hosts.length === 1 ? "Host" : "Hosts", nameList(hosts)),
		definition("Users", nameList([...users].sort())),
		definition("Period", periodNodes(model)),
		definition("Policies", policyNodes(model)),
		definition("Asked by", code(command)),
		definition("Made", [visible(timeText(report.made)), " UTC by writ ", visible(str(report.version))]),
	].flat());
}

function keyNodes(key) {
	if (!key || typeof key !== "object")
		return ["no key"];
	const nodes = [visible(str(key.type)), " ", code(str(key.fingerprint))].flat();
	if (key.key_id || key.serial)
		nodes.push(" certificate ", code(str(key.key_id)), " serial ",
			...visible(str(key.serial)));
	return nodes;
}

function drawSession(session) {
	const open = session.open || {}, close = session.close;
	const ended = close ? [visible(timeText(close.time)), close.closed === "lost" ? " (lost: no close was seen)" : "",
		typeof close.seconds === "number" ? " after " + duration(close.seconds) : ""].flat() : "no end is recorded";
	const by = open.by && typeof open.by === "object" ? open.by : null;
	return el("article", {class: "session"}, el("h3", {}, code(session.id)), el("dl", {}, [
		definition("User", [code(session.user), " on ", code(session.host)]),
		definition("By", by && [code(str(by.user)), " (uid " + str(by.uid) + ")"]),
		session.open ? definition("Key", keyNodes(open.key)) : [],
		definition("From", open.from && [code(str(open.from))]),
		definition(
			"Service", open.service &&
					   [
						   code(str(open.service)),
						   open.tty ? [", terminal ", code(str(open.tty))]
							    : ""
					   ].flat()),
		definition("Opened", session.open ? visible(timeText(open.opened || open.time))
						  : "its beginning is not among the events read"),
		definition("Closed", ended),
		definition("Kernel audit session", str(open.audit_session)),
		definition("Requests", session.requests.toLocaleString("en")),
	].flat()));
}

function drawSessions(model) {
	const sessions = [...model.sessions.values()], most = 200;
	if (!sessions.length) {
		byId("sessions").hidden = true;
		return;
	}
	byId("session-list").append(...sessions.slice(0, most).map(drawSession));
	if (sessions.length > most)
		byId("session-list")
			.append(el(
				"p", {}, "and " + plural(sessions.length - most, "more session")));
}

// What the reader must know before he believes the rest: nothing is left out in silence.
function drawNotes(model, report) {
	const notes = report.notes.map((note) => el("li", {}, visible(str(note))));
	const bad = [
		...report.bad.map(
			(line) => el("li", {}, code(line.place), ": ", visible(str(line.why)),
				el("pre", {class: "data"},
					visibleBytes(bytesOf(line.text), {max: 4096})))),
		...model.unread.map(
			(entry) => el("li", {}, code(str(entry.place)),
				": not an event that this page can read",
				el("pre", {class: "data"}, visible(entry.line, {max: 4096}))))
	];
	if (bad.length || report.bad_more)
		notes.push(el("li", {},
			el("details", {},
				el("summary", {},
					plural(bad.length + report.bad_more, "line") +
						" in the event files " +
						(bad.length + report.bad_more === 1
								? "is no event"
								: "are no events")),
				el("ul", {class: "lines"}, bad),
				report.bad_more
					? el("p", {},
						  "and " + report.bad_more.toLocaleString("en") +
							  " more")
					: null)));
	const lost = model.requests.filter((item) => item.entry.io_problem).length;
	if (lost)
		notes.push(el("li", {},
			plural(lost, "recording") + " that the events name " +
				(lost === 1 ? "is" : "are") +
				" not in this page; the request says why"));
	byId("notes").hidden = !notes.length;
	byId("note-list").append(...notes);
}
