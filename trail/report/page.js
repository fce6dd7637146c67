// SPDX-License-Identifier: ISC
// The beginning: reads the data blocks and draws the page from top to bottom.

function chooseTheme() {
	const select = byId("theme");
	select.addEventListener(
		"change", () => { document.documentElement.dataset.theme = select.value; });
}

function drawTimeline(model) { new Timeline(model); }

function start() {
	const report = block("report"), entries = block("events");
	if (!report || !entries)
		return; // what the page says without this script stays: it is cut off
	const model = new Model(entries);
	const hosts = model.hosts();
	document.title =
		"writ report" + (hosts.length ? ": " + flat(hosts.slice(0, 3).join(", "), 60) : "");
	// A part that fails takes no other with it, and is named.
	const failed =
		[
			drawAbout, drawFacts, drawTiles, drawNotes, drawCharts, drawSessions,
			drawTimeline, chooseTheme
		]
			.filter((part) => {
				try {
					part(model, report);
					return false;
				} catch (error) {
					return true;
				}
			})
			.map((part) => part.name);
	byId("content").hidden = false;
	if (failed.length)
		byId("broken").textContent =
			"Parts of this page could not be drawn: " + failed.join(", ");
	else
		byId("broken").remove();
	if (model.items.length === 1)
		byId("rows").querySelector("details").open = true;
}

start();
