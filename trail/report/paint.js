// SPDX-License-Identifier: ISC
// Shows a screen in the page: a line of spans for every line of cells. Text that a command made
// unreadable (concealed, or in the colour of its background) is shown, with a mark.

const paintedBack = 500; // lines of the scrollback that are shown
const basic = [
	"#1d2026", "#d9534f", "#4fae5a", "#c9a227", "#4f86d9", "#b46bd1", "#3fa7b0", "#c9ced6",
	"#6b7280", "#ff7b72", "#7ee787", "#f2cc60", "#79b8ff", "#d2a8ff", "#56d4dd", "#ffffff"
];
const defaultFg = "#e3e6eb", defaultBg = "#14161a";

// "#rrggbb" of a colour: a number of xterm's 256, or already that.
function hexColour(colour, otherwise) {
	if (colour === null)
		return otherwise;
	if (typeof colour === "string")
		return colour;
	if (colour < 16)
		return basic[colour];
	const n = colour - 16;
	const rgb = colour >= 232 ? new Array(3).fill(8 + (colour - 232) * 10)
				  : [Math.trunc(n / 36), Math.trunc(n / 6) % 6, n % 6].map(
					    (v) => v ? 55 + v * 40 : 0);
	return "#" + rgb.map((v) => v.toString(16).padStart(2, "0")).join("");
}

function nearlySame(a, b) {
	return [1, 3, 5].every((i) => Math.abs(parseInt(a.slice(i, i + 2), 16) -
					       parseInt(b.slice(i, i + 2), 16)) < 24);
}

function styleSpan(span, style) {
	let fg = hexColour(style.fg, defaultFg), bg = hexColour(style.bg, defaultBg);
	if (style.flags.includes("r"))
		[fg, bg] = [bg, fg];
	const names = [...style.flags]
			      .filter((flag) => "bdius".includes(flag))
			      .map((flag) => "t-" + flag);
	if (style.flags.includes("h") || nearlySame(fg, bg)) {
		names.push("t-hidden");
		span.title = "text that the terminal did not show";
	} else {
		if (fg !== defaultFg)
			span.style.color = fg;
		if (bg !== defaultBg)
			span.style.backgroundColor = bg;
	}
	span.className = names.join(" ");
}

// The nodes of one line. cursor: a column, or -1.
function lineNodes(line, cursor) {
	const nodes = [];
	let run = "", style = null;
	const flush = () => {
		if (!run)
			return;
		const plain = style === plainStyle;
		const span = plain ? run : el("span", {}, run);
		if (!plain && (run.trim() || style.bg !== null || /[ru]/.test(style.flags)))
			styleSpan(span, style);
		nodes.push(span);
		run = "";
	};
	for (let x = 0; x < line.text.length; x++) {
		const c = line.text[x];
		if (c === "")
			continue;
		if (line.style[x] !== style) {
			flush();
			style = line.style[x];
		}
		if (x !== cursor && c >= " " && c <= "~") {
			run += c;
			continue;
		}
		flush();
		const cell = el("span", {}, c);
		if (style !== plainStyle)
			styleSpan(cell, style);
		cell.classList.add(line.text[x + 1] === "" ? "t-wide" : "t-one");
		if (x === cursor)
			cell.classList.add("t-cursor");
		nodes.push(cell);
	}
	flush();
	return nodes;
}

class Painter {
	constructor(box) {
		this.back = el("div", {class: "t-back"});
		this.front = el("div", {class: "t-front"});
		this.box = box;
		box.replaceChildren(this.back, this.front);
		this.forget();
	}

	forget() {
		this.shown = []; // for every line: what is painted there
		this.backLines = null;
	}

	paint(screen) {
		const cursor = screen.modes.cursor ? screen.y : -1;
		while (this.front.childNodes.length > screen.lines)
			this.front.lastChild.remove();
		while (this.front.childNodes.length < screen.lines)
			this.front.append(el("div", {class: "t-line"}));
		this.shown.length = screen.lines;
		screen.rows.forEach((line, y) => {
			const x = y === cursor ? screen.x : -1, old = this.shown[y];
			if (old && old.line === line && old.version === line.version && old.x === x)
				return;
			this.shown[y] = {line, version: line.version, x};
			this.front.childNodes[y].replaceChildren(...lineNodes(line, x));
		});
		this.paintBack(screen);
	}

	// What scrolled off, above the screen; only as much as a page bears.
	paintBack(screen) {
		const lines = screen.scrollback, total = screen.dropped + lines.length;
		if (this.backLines === total)
			return;
		const fresh = this.backLines === null || total < this.backLines
				      ? total
				      : total - this.backLines;
		const nodes =
			lines.slice(-Math.min(fresh, paintedBack))
				.map((line) => el("div", {class: "t-line"}, lineNodes(line, -1)));
		if (this.backLines === null || fresh >= paintedBack)
			this.back.replaceChildren();
		this.back.append(...nodes);
		while (this.back.childNodes.length > paintedBack)
			this.back.firstChild.remove();
		this.backLines = total;
		this.box.dataset.above =
			total > paintedBack
				? "only the last " + paintedBack + " of " + plural(total, "line") +
					  " above the screen are kept; all are in the recording's bytes"
				: "";
		this.box.scrollTop = this.box.scrollHeight;
	}
}
