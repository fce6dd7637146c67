// SPDX-License-Identifier: ISC
// Text that somebody hostile may have chosen, shown so that nothing in it stays unseen: control
// characters, what reorders or hides its neighbours, odd blanks, and bytes that are no UTF-8.

// Most characters of one text that are shown.
const textMax = 65536;

const odd =
	/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]|(?! )\p{Zs}/u;
const mark = /\p{M}/u;
const short = new Map([["\n", "\\n"], ["\t", "\\t"], ["\r", "\\r"], ["\\", "\\\\"]]);

function codeName(character) {
	const code = character.codePointAt(0);
	if (code < 0x80)
		return short.get(character) || "\\x" + code.toString(16).padStart(2, "0");
	return "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

// What a value of the log is as text, whatever its type: events of other hosts may hold anything.
function str(value) {
	if (typeof value === "string")
		return value;
	if (value === undefined || value === null)
		return "";
	return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isObject(value) {
	return typeof value === "object" && value !== null;
}

// Splits a text into plain stretches and single characters that must be made visible.
function* pieces(text) {
	let plain = "", marks = 0;
	for (const c of text) {
		marks = mark.test(c) ? marks + 1 : 0;
		const loose = marks > 2 || (marks > 0 && plain === "");
		if (c >= " " && c <= "~" || !(odd.test(c) || loose)) {
			plain += c;
			continue;
		}
		if (plain)
			yield {plain};
		plain = "";
		yield {odd: c};
	}
	if (plain)
		yield {plain};
}

function badge(name, title) { return el("span", {class: "odd", title}, name); }

// A stretch without odd characters; blanks can be told apart, and letters beyond ASCII stand out.
function plainNodes(text) {
	const nodes = [];
	for (const part of text.match(/ +|[\u0080-\u{10ffff}]+|[!-~]+/gu) || []) {
		if (part[0] === " ")
			nodes.push(el("span", {class: "blank"}, part));
		else if (part[0] > "~")
			nodes.push(el("span", {
				class: "beyond",
				title: "beyond ASCII: " +
					       [...part].slice(0, 8).map(codeName).join(" ")
			},
				part));
		else
			nodes.push(part);
	}
	return nodes;
}

// The text as nodes. With lines, a line break is shown and also breaks the line.
function visible(text, {lines = false, max = textMax} = {}) {
	const nodes = [];
	for (const piece of pieces(text.slice(0, max))) {
		if (piece.plain) {
			nodes.push(...plainNodes(piece.plain));
			continue;
		}
		nodes.push(badge(codeName(piece.odd),
			"U+" + piece.odd.codePointAt(0).toString(16).toUpperCase().padStart(
				       4, "0")));
		if (lines && piece.odd === "\n")
			nodes.push("\n");
	}
	if (text.length > max)
		nodes.push(badge("… " + (text.length - max).toLocaleString("en") + " more"));
	return nodes;
}

function code(text, options) { return el("code", {class: "data"}, visible(text, options)); }

// As a POSIX shell would need it quoted.
function shellQuote(word) {
	return /^[A-Za-z0-9@%+=:,./_-]+$/.test(word) ? word
						     : "'" + word.replaceAll("'", "'\\''") + "'";
}

function bytesOf(base64) {
	try {
		return Uint8Array.from(atob(str(base64)), (c) => c.charCodeAt(0));
	} catch (error) {
		return new Uint8Array(0);
	}
}

// How many bytes from i on are one character of UTF-8; 0: none.
function sequence(bytes, i) {
	const lead = bytes[i];
	const need = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4) || i + need > bytes.length)
		return 0;
	try {
		new TextDecoder("utf-8", {fatal: true}).decode(bytes.subarray(i, i + need));
		return need;
	} catch (error) {
		return 0;
	}
}

// Bytes as nodes: UTF-8 as text, every other byte as \xNN.
function visibleBytes(bytes, options) {
	const nodes = [], decoder = new TextDecoder("utf-8", {ignoreBOM: true});
	let start = 0;
	const flush = (end) => {
		if (end > start)
			nodes.push(...visible(decoder.decode(bytes.subarray(start, end)), options));
	};
	for (let i = 0; i < bytes.length;) {
		const n = sequence(bytes, i);
		if (n === 0) {
			flush(i);
			nodes.push(badge("\\x" + bytes[i].toString(16).padStart(2, "0"),
				"a byte that is no UTF-8"));
			start = i + 1;
		}
		i += n || 1;
	}
	flush(bytes.length);
	return nodes;
}
