// SPDX-License-Identifier: ISC
// The beginning: reads the data blocks and draws the page from top to bottom.

function chooseTheme() {
	const select = byId("theme");
	select.addEventListener("change", () => { document.documentElement.dataset.theme = select.value; });
}

function start() {
	const report = block("report"), entries = block("events");
	if (!report || !entries)
		return; // what the page says without this script stays: it is cut off
	const model = new Model(entries);
	const hosts = model.hosts();
	document.title = "writ report" + (hosts.length ? ": " + flat(hosts.slice(0, 3).join(", "), 60) : "");
	drawFacts(model, report);
	drawTiles(model, report);
	drawNotes(model, report);
	drawCharts(model);
	drawSessions(model);
	new Timeline(model);
	chooseTheme();
	byId("broken").remove();
	byId("content").hidden = false;
	if (model.items.length === 1)
		byId("rows").querySelector("details").open = true;
}

start();
