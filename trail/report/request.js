// SPDX-License-Identifier: ISC
// One request, opened: everything that its event says, and its recording.

const rawMax = 500; // records that are listed at once
const wordsMax = 2000; // arguments that are listed; a host's own events hold fewer

// Every argument on a line of its own, so that blanks and line breaks in one cannot pass for the
// border between two.
function argumentList(event) {
	const argv = argvOf(event), raw = Array.isArray(event.argv_raw) ? event.argv_raw : null;
	const list = el("ol", {class: "argv", start: 0});
	argv.slice(0, wordsMax).forEach((word, i) => {
		const nodes = raw && i < raw.length ? visibleBytes(bytesOf(raw[i]), {lines: true})
						    : visible(word, {lines: true});
		list.append(el("li", {},
			el("code", {class: "data word"}, nodes.length ? nodes : badge("empty"))));
	});
	const more = event.argv_bytes && el("p", {class: "warn"},
		"Cut in the log: the whole vector had " + Number(event.argv_bytes).toLocaleString("en") +
		" bytes, SHA-256 ", code(str(event.argv_sha256)));
	const rest = argv.length > wordsMax && el("p", {class: "warn"},
		"and " + plural(argv.length - wordsMax, "more argument", "more arguments"));
	return [list, rest, more];
}

function link(item) {
	const node = el("a", {href: "#r" + item.index}, visible(flat(commandLine(item.event), 60)));
	node.addEventListener("click", () => openItem(item));
	return node;
}

function claimNodes(claims) {
	if (!isObject(claims) || !Object.keys(claims).length)
		return "";
	const rows = Object.entries(claims).slice(0, 50).map(
		([name, value]) => el("div", {}, code(name), " = ", code(str(value))));
	return [
		el("span", {class: "hintline"}, "what the caller says about itself; evidence of nothing"),
		...rows
	];
}

function exitNodes(item) {
	if (!item.exit)
		return item.outcome === "allow" && item.event.event === "decision"
			       ? "no end is recorded"
			       : "";
	return [
		visible(exitText(item.exit)),
		typeof item.exit.seconds === "number" ? " after " + duration(item.exit.seconds)
						      : "",
		" (", visible(timeText(item.exit.time)), ")"
	].flat();
}

function requestFacts(item) {
	const e = item.event;
	const nearest = isObject(e.nearest) &&
		[code(str(e.nearest.rule)), " does not cover it: ", ...visible(str(e.nearest.failed))];
	const policy = isObject(e.policy) &&
		[code(str(e.policy.path)), " ", el("span", {class: "digest"}, code(str(e.policy.sha256)))];
	const runas = str(e.runas);
	const children = item.children.slice(0, 100).map(
		(child) => el("div", {}, outcomes[child.outcome][0] + " ", link(child)));
	const text = (value) => str(value) && visible(str(value));
	const data = (value) => str(value) && code(str(value));
	return el("dl", {class: "facts"}, [
		definition("Reason", text(e.reason)),
		definition("Allowed instead", text(e.hint)),
		definition("Nearest rule", nearest),
		definition("Rule", data(e.rule)),
		definition("Code", data(e.code)),
		definition("Said by",
			[
				data(e.plugin),
				e.plugin_type ? [" (", visible(str(e.plugin_type)), ")"] : ""
			].flat().filter(Boolean)),
		definition("Command", data(e.command)),
		definition("Program", data(e.program)),
		definition("Arguments", argvOf(e).length ? argumentList(e).filter(Boolean) : ""),
		definition("Run as",
			[
				runas && code(runas),
				e.runas_group ? [" group ", code(str(e.runas_group))] : ""
			].flat().filter(Boolean)),
		definition("Folder", data(e.cwd)),
		definition("Started in", data(e.runcwd)),
		definition("Terminal", data(e.tty)),
		definition("User",
			[code(str(e.user)), " (uid " + str(e.uid) + ") on ", code(str(e.host))]),
		definition(
			"Session", e.session ? data(e.session) : "none: the request is not tagged"),
		definition("Claims", claimNodes(e.claims)),
		definition("Policy", policy),
		definition("Ended", exitNodes(item)),
		definition("Started by", item.parent ? link(item.parent) : data(e.parent)),
		definition("Started", children),
		definition("Event", [code(str(e.id)), " at ", ...visible(str(item.entry.place))]),
		definition("I/O log", data(e.iolog || e.iolog_path)),
	].flat());
}

// Every record with its time and all of its bytes.
function rawList(recording) {
	const list = el("ol", {class: "raw"}), more = el("button", {type: "button"}, "more");
	let shown = 0;
	const add = () => {
		for (const record of recording.records.slice(shown, shown + rawMax))
			list.append(el("li", {}, el("span", {class: "when"}, clock(record.time)),
				el("span", {class: "stream"}, kinds[record.kind]),
				el("span", {class: "data"},
					record.size    ? record.size[1] + " × " + record.size[0]
					: record.bytes ? visibleBytes(record.bytes, {max: 4096})
						       : visible(str(record.signal)))));
		shown += rawMax;
		more.hidden = shown >= recording.records.length;
	};
	more.addEventListener("click", add);
	const box = el("details", {class: "bytes"},
		el("summary", {}, "The recording's bytes, one record a line"), list, more);
	box.addEventListener("toggle", () => {
		if (!shown)
			add();
	});
	return box;
}

function recordingNodes(item) {
	const title = el("h4", {}, "Recording"), problem = item.entry.io_problem;
	if (problem)
		return [title, el("p", {class: "warn"}, visible(problem))];
	const info = item.entry.io ? block("io-" + item.entry.io) : null;
	if (!info)
		return [];
	const notes = [
		...info.faults,
		info.cut ? "only the first " + info.shown.toLocaleString("en") + " of " +
				   info.total.toLocaleString("en") +
				   " bytes are in this page; all of it: writ replay " +
				   shellQuote(info.tsid)
			 : "",
		info.complete ? "" : "the log was not closed when this page was made"
	].filter(Boolean);
	const nodes =
		[title, notes.map((note) => el("p", {class: "warn"}, visible(str(note))))].flat();
	const recording = new Recording(info);
	if (!recording.records.some((record) => record.bytes))
		return [
			...nodes,
			info.faults.length
				? null
				: el("p", {}, "The command wrote nothing and read nothing.")
		];
	return [...nodes, new Player(recording).node, rawList(recording)];
}

function eventText(item) {
	const box =
		el("details", {class: "bytes"}, el("summary", {}, "The event as it was recorded"));
	box.addEventListener("toggle", () => {
		if (!box.querySelector("pre"))
			box.append(...[item.event, item.exit].filter(Boolean).map(
				(event) => el("pre", {class: "data"},
					visible(JSON.stringify(event, null, 2), {lines: true}))));
	});
	return box;
}

function requestDetails(item) {
	return [requestFacts(item), recordingNodes(item), eventText(item)];
}
