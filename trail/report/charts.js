// SPDX-License-Identifier: ISC
// Counts as pictures, each with the same as a table for whoever does not see it.

const barsMax = 12, bucketsMax = 60;
const bucketSizes = [
	1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000,
	31536000, 315360000
].map((s) => s * 1000);
const outcomeNames = ["allow", "deny", "other"];

// A text for a place where only text can stand.
function flat(text, max) {
	const shown =
		[...pieces(text.slice(0, max + 1))].map((p) => p.plain || codeName(p.odd)).join("");
	return text.length > max || shown.length > max + 8 ? [...shown].slice(0, max).join("") + "…"
							   : shown;
}

function outcomeText(row) {
	return outcomeNames.filter((name) => row[name])
		.map((name) => row[name].toLocaleString("en") + " " + outcomes[name][1])
		.join(", ");
}

function tableOf(caption, first, rows) {
	return el("details", {class: "numbers"}, el("summary", {}, "as a table"),
		el("table", {}, el("caption", {}, caption),
			el("thead", {}, el("tr", {}, [first, "allowed", "refused",
				"failed"].map((name) => el("th", {scope: "col"}, name)))),
			el("tbody", {},
				rows.map((row) => el("tr", {},
						 el("th", {scope: "row"},
							 visible(row.key, {max: 200})),
						 outcomeNames.map((name) => el("td", {},
									  row[name].toLocaleString(
										  "en"))))))));
}

function chart(title, picture, table) {
	return el("figure", {class: "chart"}, el("figcaption", {}, title), picture, table);
}

// Horizontal bars, stacked by outcome.
function bars(title, first, rows) {
	const shown = rows.slice(0, barsMax), rest = rows.slice(barsMax);
	if (rest.length) {
		const sum = (name) => rest.reduce((n, row) => n + row[name], 0);
		shown.push({
			key: plural(rest.length, "other"),
			allow: sum("allow"),
			deny: sum("deny"),
			other: sum("other"),
			total: sum("total")
		});
	}
	const most = Math.max(1, ...shown.map((row) => row.total)), left = 190, width = 300,
	      step = 24;
	const height = shown.length * step + 4;
	const picture = svg("svg", {
		viewBox: "0 0 560 " + height,
		role: "img",
		"aria-label":
			title + ": " +
				shown.map((row) => flat(row.key, 40) + " " + row.total).join("; ")
	});
	shown.forEach((row, i) => {
		const y = i * step + 4;
		let x = left;
		const group = svg("g", {},
			svg("title", {}, flat(row.key, 200) + ": " + outcomeText(row)),
			svg("text", {x: left - 8, y: y + 13, "text-anchor": "end", class: "label"},
				flat(row.key, 26)));
		for (const name of outcomeNames) {
			if (!row[name])
				continue;
			const w = Math.max(2, row[name] / most * width);
			group.append(svg("rect",
				{x, y, width: w, height: step - 8, rx: 2, class: "bar " + name}));
			x += w + 1;
		}
		group.append(svg("text", {x: x + 6, y: y + 13, class: "count"},
			row.total.toLocaleString("en")));
		picture.append(group);
	});
	return chart(title, picture, tableOf(title, first, rows.slice(0, 1000)));
}

function bucketText(time, size) {
	const text = new Date(time).toISOString();
	return size >= 86400000 ? text.slice(0, 10)
				: text.slice(0, size < 60000 ? 19 : 16).replace("T", " ");
}

// Requests over time, stacked by outcome.
function overTime(model) {
	const timed = model.requests.filter((item) => !Number.isNaN(timeOf(item.event)));
	if (!timed.length)
		return null;
	const times = timed.map((item) => timeOf(item.event));
	const low = times.reduce((a, b) => Math.min(a, b)),
	      high = times.reduce((a, b) => Math.max(a, b));
	const size =
		bucketSizes.find((s) => Math.floor(high / s) - Math.floor(low / s) < bucketsMax) ||
		(high - low) / bucketsMax + 1;
	const first = Math.floor(low / size), n = Math.floor(high / size) - first + 1;
	const rows = Array.from({length: n}, (_, i) => ({
		key: bucketText((first + i) * size, size),
		allow: 0,
		deny: 0,
		other: 0,
		total: 0
	}));
	timed.forEach((item, i) => {
		const row = rows[Math.floor(times[i] / size) - first];
		row[item.outcome]++;
		row.total++;
	});
	return chart("Requests over time (UTC)", columns(rows),
		tableOf("Requests over time (UTC)", "from", rows.filter((row) => row.total)));
}

function columns(rows) {
	const most = Math.max(...rows.map((row) => row.total)), width = 1100, height = 130,
	      left = 40;
	const step = Math.min((width - left) / rows.length, 60), base = height + 8;
	const picture = svg("svg", {
		viewBox: "0 0 " + width + " " + (height + 32),
		role: "img",
		"aria-label": "Requests over time, from " + rows[0].key + " to " + rows.at(-1).key +
				      ", at most " + most + " in one column"
	});
	for (const value of new Set([most, Math.round(most / 2)].filter(Boolean))) {
		const y = base - value / most * height;
		picture.append(svg("line", {x1: left, x2: width, y1: y, y2: y, class: "grid"}),
			svg("text", {x: left - 6, y: y + 4, "text-anchor": "end", class: "axis"},
				value));
	}
	rows.forEach((row, i) => {
		let y = base;
		const group = svg(
			"g", {}, svg("title", {}, row.key + ": " + (outcomeText(row) || "none")));
		for (const name of outcomeNames) {
			if (!row[name])
				continue;
			const h = row[name] / most * height;
			y -= h;
			group.append(svg("rect", {
				x: left + i * step + 1,
				y,
				width: Math.max(1, step - 2),
				height: Math.max(1, h - 1),
				class: "bar " + name
			}));
		}
		picture.append(group);
	});
	picture.append(svg("line", {x1: left, x2: width, y1: base, y2: base, class: "grid base"}));
	const last = Math.max(left + (rows.length - 1) * step, left + 260);
	picture.append(svg("text", {x: left, y: height + 28, class: "axis"}, rows[0].key));
	if (rows.length > 1)
		picture.append(svg("text",
			{x: last + step, y: height + 28, "text-anchor": "end", class: "axis"},
			rows.at(-1).key));
	return picture;
}

function drawCharts(model) {
	const place = byId("charts");
	if (!model.requests.length) {
		place.hidden = true;
		return;
	}
	const ruled = (item) =>
		str(item.event.rule) ||
		"(no rule: " + (str(item.event.code) || str(item.event.plugin) || "?") + ")";
	place.append(...[overTime(model), bars("Requests by rule", "rule", model.count(ruled)),
		bars("Requests by decision", "decision",
			model.count((item) => outcomes[item.outcome][1])),
		bars("Refusals by code", "code",
			model.count((item) => item.outcome === "allow"
						      ? null
						      : str(item.event.code) ||
								str(item.event.plugin) || "?"))]
			     .filter((figure) => figure && figure.querySelector("rect")));
}
