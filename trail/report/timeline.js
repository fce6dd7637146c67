// SPDX-License-Identifier: ISC
// The timeline: a row for every event in its order, a filter over them, and only as many rows at
// once as a page bears.

const rowsMax = 1000;

class Timeline {
	constructor(model) {
		this.model = model;
		this.list = byId("rows");
		this.more = byId("more");
		this.limit = rowsMax;
		this.controls();
		this.apply();
		byId("open-all").addEventListener("click", () => this.openAll());
		this.more.addEventListener("click", () => {
			this.limit += rowsMax * 5;
			this.draw();
		});
		addEventListener("beforeprint", () => {
			this.limit = Infinity;
			this.draw();
		});
	}

	controls() {
		const choose = (id, rows) => {
			const node = byId(id);
			node.append(...rows.map(([value, text]) => el("option", {value}, text)));
			node.addEventListener("change", () => this.apply());
			return node;
		};
		this.text = byId("filter-text");
		this.text.addEventListener("input", () => this.apply());
		this.outcome = choose("filter-outcome", [
			["", "all decisions"], ["allow", "allowed"], ["deny", "refused"],
			["other", "failed in sudo"], ["bad", "ended with an error"],
			["recorded", "with a recording"]
		]);
		const numbered = (id, all, values) => choose(id, [
			["", all], ...values.slice(0, 1000).map((value, i) => [i, flat(value, 60)])
		]);
		this.rules = this.model.count((item) => str(item.event.rule) || null)
				     .map((row) => row.key);
		this.rule = numbered("filter-rule", "all rules", this.rules);
		this.sessionIds = [...this.model.sessions.keys()];
		this.session = numbered("filter-session", "all sessions", this.sessionIds);
		this.session.hidden = this.sessionIds.length < 2;
	}

	// Opens what is shown, or closes it where all of it is open.
	openAll() {
		const rows = [...this.list.querySelectorAll("details.row")];
		const open = rows.some((row) => !row.open);
		rows.forEach((row) => {
			row.open = open;
		});
		byId("open-all").textContent = open ? "Close all" : "Open all";
	}

	// What the text filter looks at.
	haystack(item) {
		if (item.words === undefined) {
			const e = item.event;
			item.words = [
				commandLine(e), ...argvOf(e), e.reason, e.hint, e.rule, e.code,
				e.command, e.program, e.host, e.user, e.session, e.id, e.iolog,
				e.cwd, e.claims, e.nearest, e.event, exitText(item.exit),
				timeText(e.time), e.plugin
			].map(str).join("\n").toLowerCase();
		}
		return item.words;
	}

	wanted(item) {
		const outcome = this.outcome.value;
		if (outcome === "bad"            ? !(item.exit && item.exit.status !== 0)
			: outcome === "recorded" ? !item.entry.io
						 : outcome && item.outcome !== outcome)
			return false;
		if (this.rule.value !== "" && str(item.event.rule) !== this.rules[this.rule.value])
			return false;
		if (this.session.value !== "" &&
			str(item.event.session) !== this.sessionIds[this.session.value])
			return false;
		return this.words.every((word) => this.haystack(item).includes(word));
	}

	apply() {
		this.words = this.text.value.toLowerCase().split(/\s+/).filter(Boolean);
		this.shown = this.model.items.filter((item) => this.wanted(item));
		this.limit = rowsMax;
		this.draw();
	}

	draw() {
		const rows = this.shown.slice(0, this.limit)
				     .map((item) => item.row || (item.row = rowOf(item)));
		this.list.replaceChildren(...rows);
		this.more.hidden = this.shown.length <= this.limit;
		this.more.textContent = "Show more (" +
					(this.shown.length - rows.length).toLocaleString("en") +
					" rows are not shown)";
		byId("filter-count").textContent =
			this.shown.length === this.model.items.length
				? plural(this.shown.length, "row")
				: plural(this.shown.length, "row") + " of " +
					  this.model.items.length.toLocaleString("en");
	}
}

// What stands on the row itself, without opening it.
function requestSummary(item) {
	const e = item.event, [sign, word] = outcomes[item.outcome];
	const line = visible(commandLine(e), {max: 300});
	return el("summary", {}, el("time", {class: "when"}, visible(timeText(e.time), {max: 40})),
		el("span", {class: "mark"}, el("span", {"aria-hidden": "true"}, sign), " " + word),
		el("span", {class: "what"},
			item.parent || e.parent
				? el("span",
					  {class: "child", title: "started by an allowed command"},
					  "↳ ")
				: null,
			el("code", {class: "data"}, line),
			item.outcome !== "allow" && e.reason
				? el("span", {class: "why"}, visible(str(e.reason), {max: 400}))
				: null),
		el("span", {class: "rule"},
			code(str(e.rule) || str(e.code) || str(e.plugin), {max: 60})),
		el("span", {class: "end" + (item.exit && item.exit.status !== 0 ? " bad" : "")},
			item.exit ? visible(exitText(item.exit), {max: 80})
			: item.outcome === "allow" && e.event === "decision" ? "no end recorded"
									     : ""),
		el("span", {class: "took"}, item.exit ? duration(item.exit.seconds) : ""),
		el("span", {class: "has"},
			item.entry.io ? el("span", {title: "with a recording"}, "▶") : ""));
}

const otherWords = new Map([
	["session-open", "session opened"], ["session-close", "session closed"],
	["exit", "an end without its request here"]
]);

// Events that are no requests.
function otherSummary(item) {
	const e = item.event;
	return el("summary", {}, el("time", {class: "when"}, visible(timeText(e.time), {max: 40})),
		el("span", {class: "mark"}, "·"),
		el("span", {class: "what"},
			otherWords.get(item.kind) || visible("event " + item.kind, {max: 80}), " ",
			e.session ? code(str(e.session), {max: 80}) : "",
			e.user ? [" ", code(str(e.user), {max: 80})] : [],
			item.kind === "exit" ? [" ", ...visible(exitText(e), {max: 80})] : []));
}

function otherDetails(item) {
	return el("pre", {class: "data"},
		visible(JSON.stringify(item.event, null, 2), {lines: true}));
}

// An event that the page does not know how to show is shown as it is; it hides no other.
function attempt(draw, item) {
	try {
		return draw(item);
	} catch (error) {
		return [
			badge("not shown as it should be: " + error.message),
			el("pre", {class: "data"}, visible(str(item.entry.line), {max: 8192}))
		];
	}
}

function rowOf(item) {
	const box = el("details", {
		class: "row " + (item.outcome || "note"),
		id: "r" + item.index,
		"data-id": str(item.event.id)
	});
	const summary = attempt(item.outcome ? requestSummary : otherSummary, item);
	box.append(summary instanceof Node ? summary : el("summary", {}, summary));
	box.addEventListener("toggle", () => {
		if (box.open && !box.querySelector(".opened"))
			box.append(el("div", {class: "opened"},
				attempt(item.outcome ? requestDetails : otherDetails, item)));
	});
	return el("li", {}, box);
}

// Shows a request that another one names, also where the filter hides it.
function openItem(item) {
	if (!item.row || !item.row.isConnected) {
		const list = byId("rows");
		item.row = item.row || rowOf(item);
		list.prepend(item.row);
	}
	item.row.firstChild.open = true;
	item.row.firstChild.querySelector("summary").focus();
}
