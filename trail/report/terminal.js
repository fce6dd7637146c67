// SPDX-License-Identifier: ISC
// Reads what a command wrote to its terminal (ECMA-48 and what xterm made of it) and draws it on a
// screen. A sequence draws or does nothing: titles, links, pastes, reports, device strings and
// whatever is unknown are skipped; there is nobody to answer.

const graphics = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"; // ` to ~ of DEC's line drawing set
const parameterMax = 32, stringsEnd = /[\x07\x18\x1a\x1b\x9c]/;

const sgrFlags = new Map([
	[1, "b"], [2, "d"], [3, "i"], [4, "u"], [5, "k"], [6, "k"], [7, "r"], [8, "h"], [9, "s"],
	[21, "u"]
]);
const sgrClears =
	new Map([[22, "bd"], [23, "i"], [24, "u"], [25, "k"], [27, "r"], [28, "h"], [29, "s"]]);

class Terminal {
	constructor(columns, lines) {
		this.screen = new Screen(columns, lines);
		this.state = this.ground;
		this.sets = ["B", "B"];
		this.shift = 0;
	}

	// Draws a text; convert: a line feed also returns to the first column, as a terminal's
	// driver does for a command that has the terminal.
	write(text, convert) {
		this.convert = convert;
		for (const c of text)
			this.state(c);
	}

	ground(c) {
		if (c < " " || c === "\x7f")
			this.control(c);
		else
			this.screen.put(this.sets[this.shift] === "0" && c >= "`" && c <= "~"
						? graphics[c.charCodeAt(0) - 96]
						: c);
	}

	control(c) {
		const s = this.screen;
		switch (c) {
		case "\b":
			s.moveColumns(-1);
			break;
		case "\t":
			s.tab(1);
			break;
		case "\n":
		case "\v":
		case "\f":
			if (this.convert || s.modes.newline)
				s.moveColumns(-s.x);
			s.wrapNext = false;
			s.index();
			break;
		case "\r":
			s.moveColumns(-s.x);
			break;
		case "\x0e":
			this.shift = 1;
			break;
		case "\x0f":
			this.shift = 0;
			break;
		case "\x18":
		case "\x1a":
			this.state = this.ground;
			break;
		case "\x1b":
			this.state = this.escape;
			this.between = "";
			break;
		}
	}

	escape(c) {
		if (c < " ") {
			this.control(c);
		} else if (c <= "/") {
			this.between += this.between.length < 4 ? c : "";
		} else if (c === "[" && !this.between) {
			this.state = this.sequence;
			this.parameters = "";
		} else if ("]PX^_".includes(c) && !this.between) {
			this.state = this.string;
		} else {
			this.state = this.ground;
			this.escapeEnd(this.between + c);
		}
	}

	escapeEnd(what) {
		const s = this.screen;
		if (/^[()]/.test(what)) {
			this.sets[what[0] === "(" ? 0 : 1] = what.slice(1);
			return;
		}
		switch (what) {
		case "7":
			s.save();
			break;
		case "8":
			s.restore();
			break;
		case "D":
			s.index();
			break;
		case "E":
			s.moveColumns(-s.x);
			s.index();
			break;
		case "M":
			s.reverseIndex();
			break;
		case "H":
			s.tabs[s.x] = true;
			break;
		case "c":
			s.reset();
			this.sets = ["B", "B"];
			this.shift = 0;
			break;
		case "#8":
			s.fillAll("E");
			break;
		}
	}

	// A string for the terminal itself (title, link, device control): skipped to its end.
	string(c) {
		if (!stringsEnd.test(c))
			return;
		this.state = this.ground;
		if (c === "\x1b")
			this.control(c);
	}

	sequence(c) {
		if (c < " ") {
			this.control(c);
		} else if (c < "@") {
			this.parameters += this.parameters.length < 256 ? c : "";
		} else {
			this.state = this.ground;
			if (c <= "~")
				this.sequenceEnd(this.parameters, c);
		}
	}

	sequenceEnd(parameters, final) {
		const [, prefix, list, between] = /^([<-?]*)([0-9:;]*)(.*)$/s.exec(parameters);
		const fields = list.split(";").slice(0, parameterMax);
		const n = fields.map((field) => Math.min(parseInt(field, 10) || 0, 65535));
		const action = sequences.get(prefix + between + final);
		if (action)
			action(this.screen, n, Math.max(n[0], 1), fields);
	}
}

function setModes(screen, on, numbers) {
	for (const n of numbers)
		if (n === 4)
			screen.modes.insert = on;
		else if (n === 20)
			screen.modes.newline = on;
}

function setPrivateModes(screen, on, numbers) {
	for (const n of numbers)
		switch (n) {
		case 6:
			screen.modes.origin = on;
			screen.move(0, 0);
			break;
		case 7:
			screen.modes.wrap = on;
			screen.wrapNext = false;
			break;
		case 25:
			screen.modes.cursor = on;
			break;
		case 47:
		case 1047:
			screen.alternate(on);
			break;
		case 1048:
			on ? screen.save() : screen.restore();
			break;
		case 1049:
			screen.alternate(on, true);
			break;
		}
}

// The colour at fields[i]: "38;5;N", "38;2;R;G;B" or, in one field, "38:5:N", "38:2::R:G:B".
// Returns the colour (null: none) and how many fields it took.
function extendedColour(fields, i) {
	const inside = fields[i].includes(":");
	const parts = (inside ? fields[i].split(":") : fields.slice(i, i + 5))
			      .map((p) => parseInt(p, 10) || 0);
	if (parts[1] === 5)
		return [clamp(parts[2], 0, 255), inside ? 1 : 3];
	if (parts[1] !== 2)
		return [null, inside ? 1 : 2];
	const rgb = inside && parts.length > 5 ? parts.slice(3, 6) : parts.slice(2, 5);
	while (rgb.length < 3)
		rgb.push(0);
	return [
		"#" + rgb.map((v) => clamp(v, 0, 255).toString(16).padStart(2, "0")).join(""),
		inside ? 1 : 5
	];
}

// Colours and other attributes of what is written from now on.
function selectGraphics(screen, fields) {
	let {fg, bg, flags} = screen.style;
	for (let i = 0; i < fields.length; i++) {
		const n = parseInt(fields[i], 10) || 0;
		if (n === 0) {
			fg = bg = null;
			flags = "";
		} else if (n === 38 || n === 48) {
			const [colour, used] = extendedColour(fields, i);
			i += used - 1;
			if (n === 38)
				fg = colour;
			else
				bg = colour;
		} else if (fields[i] === "4:0" || sgrClears.has(n)) {
			const gone = sgrClears.get(n) || "u";
			flags = [...flags].filter((flag) => !gone.includes(flag)).join("");
		} else if (sgrFlags.has(n)) {
			flags = [...new Set(flags + sgrFlags.get(n))].sort().join("");
		} else if (n >= 30 && n <= 39) {
			fg = n === 39 ? null : n - 30;
		} else if (n >= 40 && n <= 49) {
			bg = n === 49 ? null : n - 40;
		} else if (n >= 90 && n <= 97) {
			fg = n - 90 + 8;
		} else if (n >= 100 && n <= 107) {
			bg = n - 100 + 8;
		}
	}
	screen.style =
		fg === null && bg === null && !flags ? plainStyle : Object.freeze({fg, bg, flags});
}

// Control sequences by what is around their numbers: the screen, the numbers, the first number (at
// least 1), the fields as written.
const sequences = new Map(Object.entries({
	"@": (s, n, one) => s.insertCells(one),
	A: (s, n, one) => s.moveLines(-one),
	B: (s, n, one) => s.moveLines(one),
	e: (s, n, one) => s.moveLines(one),
	C: (s, n, one) => s.moveColumns(one),
	a: (s, n, one) => s.moveColumns(one),
	D: (s, n, one) => s.moveColumns(-one),
	E: (s, n, one) => {
		s.moveLines(one);
		s.moveColumns(-s.x);
	},
	F: (s, n, one) => {
		s.moveLines(-one);
		s.moveColumns(-s.x);
	},
	G: (s, n, one) => s.moveColumns(one - 1 - s.x),
	"`": (s, n, one) => s.moveColumns(one - 1 - s.x),
	H: (s, n, one) => s.move((n[1] || 1) - 1, one - 1),
	f: (s, n, one) => s.move((n[1] || 1) - 1, one - 1),
	d: (s, n, one) => s.move(s.x, one - 1),
	I: (s, n, one) => s.tab(one),
	Z: (s, n, one) => s.tab(-one),
	J: (s, n) => s.erase(n[0]),
	K: (s, n) => s.eraseLine(n[0]),
	"?J": (s, n) => s.erase(n[0]),
	"?K": (s, n) => s.eraseLine(n[0]),
	L: (s, n, one) => s.insertLines(one),
	M: (s, n, one) => s.insertLines(-one),
	P: (s, n, one) => s.insertCells(-one),
	X: (s, n, one) => s.eraseCells(one),
	S: (s, n, one) => s.scroll(one),
	T: (s, n, one) => s.scroll(-one),
	b: (s, n, one) => repeat(s, one),
	g: (s, n) => n[0] === 3 ? s.tabs.fill(false) : n[0] === 0 && (s.tabs[s.x] = false),
	h: (s, n) => setModes(s, true, n),
	l: (s, n) => setModes(s, false, n),
	"?h": (s, n) => setPrivateModes(s, true, n),
	"?l": (s, n) => setPrivateModes(s, false, n),
	m: (s, n, one, fields) => selectGraphics(s, fields),
	r: (s, n, one) => s.setMargins(one - 1, (n[1] || s.lines) - 1),
	s: (s) => s.save(),
	u: (s) => s.restore(),
	"!p": (s) => softReset(s),
}));

// The last character again, at most a line of it.
function repeat(screen, n) {
	for (let i = 0; screen.last && i < Math.min(n, screen.columns); i++)
		screen.put(screen.last);
}

function softReset(screen) {
	screen.style = plainStyle;
	Object.assign(screen.modes, {wrap: true, insert: false, origin: false, cursor: true});
	screen.top = 0;
	screen.bottom = screen.lines - 1;
	screen.saved = null;
}
