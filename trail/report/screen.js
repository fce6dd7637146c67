// SPDX-License-Identifier: ISC
// The screen of a terminal: cells, cursor, margins, two buffers, and what scrolled off. Whatever is
// asked of it, the work and the memory are bounded by its size.

const columnsMax = 500, linesMax = 200, scrollbackMax = 2000, marksMax = 4;
const plainStyle = Object.freeze({fg: null, bg: null, flags: ""});

const wideCharacter =
	/[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const noCharacter = /[\p{Mn}\p{Me}\u200b-\u200f\u1160-\u11ff]/u;
const undrawable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function isWide(c) {
	return c > "\u0fff" && wideCharacter.test(c) && !/[\u{1f1e6}-\u{1f1ff}]/u.test(c);
}

// Columns that a character takes: 0, 1 or 2.
function characterWidth(c) {
	if (c < "\u0300")
		return 1;
	return noCharacter.test(c) ? 0 : isWide(c) ? 2 : 1;
}

function clamp(n, low, high) {
	return Math.min(Math.max(Number.isFinite(n) ? Math.trunc(n) : low, low), high);
}

// One line: a text and a style for every column; "" is the right half of a wide character.
class Line {
	constructor(columns, style) {
		this.text = new Array(columns).fill(" ");
		this.style = new Array(columns).fill(style);
		this.version = 0; // grows with every change
	}

	resize(columns) {
		this.version++;
		while (this.text.length < columns) {
			this.text.push(" ");
			this.style.push(plainStyle);
		}
		this.text.length = this.style.length = columns;
		if (isWide(this.text[columns - 1]))
			this.text[columns - 1] = " ";
	}

	// Blanks in [from, to); no half of a wide character stays behind.
	clear(from, to, style) {
		if (from >= to)
			return;
		this.version++;
		if (this.text[from] === "" && from > 0)
			this.text[from - 1] = " ";
		if (to < this.text.length && this.text[to] === "")
			this.text[to] = " ";
		this.text.fill(" ", from, to);
		this.style.fill(style, from, to);
	}

	// Moves what stands at or right of x by n columns to the right (negative: left).
	shift(x, n, style) {
		const columns = this.text.length, count = Math.min(Math.abs(n), columns - x);
		this.clear(x, n < 0 ? x + count : x, style);
		if (this.text[x] === "")
			this.clear(x, x + 1, style);
		this.version++;
		const blanks = new Array(count).fill(" "), styles = new Array(count).fill(style);
		if (n > 0) {
			this.text.splice(x, 0, ...blanks);
			this.style.splice(x, 0, ...styles);
			this.resize(columns);
		} else {
			this.text.splice(x, count);
			this.style.splice(x, count);
			this.text.push(...blanks);
			this.style.push(...styles);
		}
	}

	toString() { return this.text.join("").replace(/ +$/, ""); }
}

class Screen {
	constructor(columns, lines) {
		this.columns = clamp(columns || 80, 2, columnsMax);
		this.lines = clamp(lines || 24, 1, linesMax);
		this.reset();
	}

	reset() {
		this.style = plainStyle;
		this.rows = this.emptyRows();
		// Lines that scrolled off, and how many of them were not kept. No sequence erases
		// them, as it would on a terminal: this is a record.
		this.scrollback = this.scrollback || [];
		this.dropped = this.dropped || 0;
		this.other = null; // the main buffer while the alternate one is shown
		this.x = this.y = 0;
		this.wrapNext =
			false; // the last column was written: the next character begins a line
		this.modes =
			{wrap: true, insert: false, origin: false, cursor: true, newline: false};
		this.top = 0;
		this.bottom = this.lines - 1;
		this.saved = this.before = null;
		this.tabs = this.defaultTabs();
	}

	emptyRows() {
		return Array.from({length: this.lines}, () => new Line(this.columns, plainStyle));
	}

	defaultTabs() { return Array.from({length: columnsMax}, (_, x) => x % 8 === 0); }

	// The style of what is erased: only the background stays.
	get blank() {
		return this.style.bg === null ? plainStyle
					      : {fg: null, bg: this.style.bg, flags: ""};
	}

	resize(columns, lines) {
		this.columns = clamp(columns, 2, columnsMax);
		this.lines = clamp(lines, 1, linesMax);
		for (const rows of this.other ? [this.rows, this.other.rows] : [this.rows]) {
			const extra = Math.min(this.y + 1 - this.lines, rows.length);
			if (extra > 0)
				this.keep(rows.splice(0, extra), rows);
			while (rows.length < this.lines)
				rows.push(new Line(this.columns, plainStyle));
			rows.length = this.lines;
			rows.forEach((row) => row.resize(this.columns));
		}
		this.y = clamp(this.y - Math.max(0, this.y + 1 - this.lines), 0, this.lines - 1);
		this.x = clamp(this.x, 0, this.columns - 1);
		this.wrapNext = false;
		this.top = 0;
		this.bottom = this.lines - 1;
	}

	// Lines that leave the main buffer at its top.
	keep(gone, rows) {
		if (this.other && rows === this.rows)
			return;
		this.scrollback.push(...gone);
		if (this.scrollback.length > scrollbackMax * 2) {
			const n = this.scrollback.length - scrollbackMax;
			this.scrollback.splice(0, n);
			this.dropped += n;
		}
	}

	put(c) {
		if (c > "~" && undrawable.test(c))
			return;
		const width = characterWidth(c);
		if (width === 0) {
			this.combine(c);
			return;
		}
		if (this.wrapNext ||
			(width === 2 && this.x === this.columns - 1 && this.modes.wrap)) {
			this.x = 0;
			this.wrapNext = false;
			this.index();
		}
		const row = this.rows[this.y], x = Math.min(this.x, this.columns - width);
		if (this.modes.insert)
			row.shift(x, width, this.blank);
		row.clear(x, x + width, this.style);
		row.text[x] = c;
		if (width === 2)
			row.text[x + 1] = "";
		this.last = c;
		if (x + width < this.columns) {
			this.x = x + width;
		} else {
			this.x = this.columns - 1;
			this.wrapNext = this.modes.wrap;
		}
	}

	// A mark on the character before the cursor.
	combine(c) {
		const row = this.rows[this.y];
		let x = this.wrapNext ? this.x : this.x - 1;
		if (x >= 0 && row.text[x] === "")
			x--;
		if (x >= 0 && row.text[x].length < 2 + marksMax) {
			row.text[x] += c;
			row.version++;
		}
	}

	move(x, y) {
		const [top, bottom] =
			this.modes.origin ? [this.top, this.bottom] : [0, this.lines - 1];
		this.x = clamp(x, 0, this.columns - 1);
		this.y = clamp(this.modes.origin ? y + top : y, top, bottom);
		this.wrapNext = false;
	}

	// Up (negative) or down; margins hold whoever is between them.
	moveLines(n) {
		const low = this.y >= this.top ? this.top : 0;
		const high = this.y <= this.bottom ? this.bottom : this.lines - 1;
		this.y = clamp(this.y + n, low, high);
		this.wrapNext = false;
	}

	moveColumns(n) {
		this.x = clamp(this.x + n, 0, this.columns - 1);
		this.wrapNext = false;
	}

	// One line down, one line up; at the margin the screen scrolls instead.
	index() {
		if (this.y === this.bottom)
			this.scroll(1);
		else
			this.moveLines(1);
	}

	reverseIndex() {
		if (this.y === this.top)
			this.scroll(-1);
		else
			this.moveLines(-1);
	}

	// Moves the lines between the margins up by n (negative: down).
	scroll(n, from = this.top, kept = true) {
		const count = clamp(Math.abs(n), 0, this.bottom - from + 1);
		const fresh = Array.from({length: count}, () => new Line(this.columns, this.blank));
		if (n > 0) {
			const gone = this.rows.splice(from, count);
			this.rows.splice(this.bottom + 1 - count, 0, ...fresh);
			if (from === 0 && kept)
				this.keep(gone, this.rows);
		} else {
			this.rows.splice(this.bottom + 1 - count, count);
			this.rows.splice(from, 0, ...fresh);
		}
	}

	// Inserts (negative: deletes) lines at the cursor.
	insertLines(n) {
		if (this.y < this.top || this.y > this.bottom)
			return;
		this.scroll(-n, this.y, false);
		this.moveColumns(-this.x);
	}

	// 0: from the cursor on, 1: up to the cursor, 2: all of it
	eraseLine(how) {
		if (how > 2)
			return;
		const row = this.rows[this.y];
		row.clear(
			how === 0 ? this.x : 0, how === 1 ? this.x + 1 : this.columns, this.blank);
		this.wrapNext = false;
	}

	erase(how) {
		if (how > 2)
			return;
		if (how < 2)
			this.eraseLine(how);
		const from = how === 0 ? this.y + 1 : 0, to = how === 1 ? this.y : this.lines;
		for (let y = from; y < to; y++)
			this.rows[y].clear(0, this.columns, this.blank);
	}

	eraseCells(n) {
		this.rows[this.y].clear(this.x, Math.min(this.x + n, this.columns), this.blank);
		this.wrapNext = false;
	}

	insertCells(n) {
		this.rows[this.y].shift(this.x, clamp(n, -this.columns, this.columns), this.blank);
		this.wrapNext = false;
	}

	tab(n) {
		const step = n < 0 ? -1 : 1;
		for (let i = 0; i < Math.min(Math.abs(n), this.columns); i++) {
			do
				this.x = clamp(this.x + step, 0, this.columns - 1);
			while (this.x > 0 && this.x < this.columns - 1 && !this.tabs[this.x]);
		}
		this.wrapNext = false;
	}

	setMargins(top, bottom) {
		top = clamp(top, 0, this.lines - 1);
		bottom = clamp(bottom, 0, this.lines - 1);
		if (top >= bottom)
			return;
		this.top = top;
		this.bottom = bottom;
		this.move(0, 0);
	}

	cursor() { return {x: this.x, y: this.y, style: this.style, origin: this.modes.origin}; }

	setCursor(to) {
		this.style = to.style;
		this.modes.origin = to.origin;
		this.x = clamp(to.x, 0, this.columns - 1);
		this.y = clamp(to.y, 0, this.lines - 1);
		this.wrapNext = false;
	}

	save() { this.saved = this.cursor(); }

	restore() { this.setCursor(this.saved || {x: 0, y: 0, style: plainStyle, origin: false}); }

	// Shows the alternate buffer, empty, or the main one again; with the cursor of then, which
	// is put back also where the main buffer is shown already.
	alternate(on, withCursor) {
		if (on && !this.other) {
			this.before = this.cursor();
			this.other = {rows: this.rows};
			this.rows = this.emptyRows();
		} else if (!on && this.other) {
			this.rows = this.other.rows;
			this.other = null;
		}
		if (!on && withCursor && this.before)
			this.setCursor(this.before);
	}

	fillAll(c) {
		for (const row of this.rows) {
			row.clear(0, this.columns, plainStyle);
			row.text.fill(c);
		}
	}

	// The lines as text, without blanks at their ends.
	toString() { return this.rows.map(String).join("\n").replace(/\n+$/, ""); }
}
