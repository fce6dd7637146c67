// SPDX-License-Identifier: ISC
// Plays a recording on a terminal: play, pause, seek, speed, longest wait. Drawing is done in
// slices, so that no output, however it was made, holds up the page.

const sliceCharacters = 2048, sliceMilliseconds = 25;

class Player {
	constructor(recording) {
		this.recording = recording;
		this.at = 0; // ms of the playback
		this.speed = 1;
		this.playing = false;
		this.build();
		this.rewind();
		this.seek(recording.length);
	}

	build() {
		const button = (label, title, action) => {
			const node = el("button", {type: "button", title}, label);
			node.addEventListener("click", action);
			return node;
		};
		const select = (label, options, action) => {
			const node = el("select", {"aria-label": label, title: label},
				options.map(([value, text]) => el("option", {value}, text)));
			node.addEventListener("change", () => action(Number(node.value)));
			return node;
		};
		this.box = el("div", {
			class: "terminal",
			tabindex: 0,
			role: "group",
			"aria-label":
				"Terminal. Space: play or pause; arrow keys: 5 seconds; comma and full stop: one record"
		});
		this.painter = new Painter(this.box);
		this.playButton = button("▶ Play", "Space", () => this.toggle());
		this.range =
			el("input", {type: "range", min: 0, step: 1, "aria-label": "Position"});
		this.range.addEventListener("input", () => this.seek(Number(this.range.value)));
		this.clock = el("output", {class: "clock"});
		this.speeds = select("Speed",
			[[0.5, "½ ×"], [1, "1 ×"], [2, "2 ×"], [4, "4 ×"], [16, "16 ×"]],
			(speed) => { this.speed = speed; });
		this.speeds.value = "1";
		this.idles = select("Longest wait",
			[
				[0, "waits as recorded"], [5000, "waits at most 5 s"],
				[1000, "waits at most 1 s"], [200, "waits at most 0.2 s"]
			],
			(idle) => this.setIdle(idle || Infinity));
		this.input = el(
			"pre", {class: "typed data", hidden: true, "aria-label": "Input so far"});
		this.node = el("div", {class: "player"}, this.box,
			el("div", {class: "controls"}, this.playButton, this.range, this.clock,
				button("|◀", "One record back (,)", () => this.step(-1)),
				button("▶|", "One record on (.)", () => this.step(1)), this.speeds,
				this.idles, this.hasInput() ? this.inputSwitch() : null),
			this.input);
		this.node.addEventListener("keydown", (event) => this.key(event));
		this.setIdle(Infinity);
	}

	hasInput() {
		return this.recording.records.some(
			(record) => record.kind === 0 || record.kind === 3);
	}

	inputSwitch() {
		const box = el("input", {type: "checkbox"});
		box.addEventListener("change", () => {
			this.input.hidden = !box.checked;
			this.show();
		});
		return el("label", {class: "switch"}, box, " show what was typed or piped in");
	}

	key(event) {
		if (event.ctrlKey || event.altKey || event.metaKey)
			return;
		const where = event.target.tagName,
		      hop = Math.min(5000, this.recording.length / 10);
		const actions = {
			ArrowLeft: () => this.seek(this.at - hop),
			ArrowRight: () => this.seek(this.at + hop),
			Home: () => this.seek(0),
			End: () => this.seek(this.recording.length),
			",": () => this.step(-1),
			".": () => this.step(1),
			" ": () => this.toggle(),
			k: () => this.toggle()
		};
		if (where === "SELECT" ||
			(event.key === " " &&
				(where === "BUTTON" || event.target.type === "checkbox")) ||
			!Object.hasOwn(actions, event.key))
			return;
		event.preventDefault();
		actions[event.key]();
	}

	setIdle(idle) {
		const real = this.recording.realTime(this.at);
		this.recording.setIdle(idle);
		const n = this.recording.records.findLastIndex((record) => record.time <= real);
		this.at = n < 0 ? 0 : this.recording.times[n];
		this.range.max = Math.ceil(this.recording.length);
		this.seek(this.at);
	}

	rewind() {
		const info = this.recording.info;
		this.terminal = new Terminal(info.columns, info.lines);
		this.next = 0;   // the first record that was not drawn, and
		this.offset = 0; // how many characters of it were
		this.painter.forget();
	}

	// Goes to a time of the playback and draws what is on the screen then.
	seek(time) {
		this.at = clamp(time * 1000, 0, this.recording.length * 1000) / 1000;
		if (this.at >= Math.floor(this.recording.length))
			this.at = this.recording.length;
		this.goal = this.recording.countAt(this.at);
		if (!this.terminal)
			return;
		if (this.goal < this.next || (this.goal === this.next && this.offset > 0))
			this.rewind();
		if (!this.timer)
			this.draw();
	}

	// Draws up to the goal; goes on later if that takes long.
	draw() {
		const start = performance.now();
		this.timer = 0;
		while (this.next < this.goal) {
			this.drawSlice(this.recording.records[this.next]);
			if (performance.now() - start > sliceMilliseconds) {
				this.timer = setTimeout(() => this.draw(), 0);
				break;
			}
		}
		this.show();
	}

	drawSlice(record) {
		const output = isOutput(record.kind);
		if (output)
			this.terminal.write(
				record.text.slice(this.offset, this.offset + sliceCharacters),
				record.kind !== 4);
		else if (record.kind === winsize)
			this.terminal.screen.resize(record.size[1] || 80, record.size[0] || 24);
		this.offset += sliceCharacters;
		if (!output || this.offset >= record.text.length) {
			this.next++;
			this.offset = 0;
		}
	}

	show() {
		const real = clock(this.recording.realTime(this.at));
		this.painter.paint(this.terminal.screen);
		this.range.value = Math.round(this.at);
		this.range.setAttribute("aria-valuetext", real);
		this.clock.textContent =
			real + " / " + clock(this.recording.records.at(-1)?.time || 0);
		this.node.dataset.drawn = this.timer ? "" : this.next;
		this.node.dataset.state = this.playing ? "playing" : "paused";
		if (!this.input.hidden)
			this.input.replaceChildren(
				...visible(this.typed().slice(-8192), {lines: true}));
	}

	typed() {
		return this.recording.records.slice(0, this.next)
			.filter((record) => record.kind === 0 || record.kind === 3)
			.map((record) => record.text)
			.join("");
	}

	step(n) {
		const i = this.recording.countAt(this.at) - 1 + n;
		this.pause();
		this.seek(i < 0 ? 0
				: this.recording.times[Math.min(
					  i, this.recording.times.length - 1)] ||
					  0);
	}

	toggle() {
		if (this.playing) {
			this.pause();
			return;
		}
		if (this.at >= this.recording.length)
			this.seek(0);
		this.playing = true;
		this.playButton.textContent = "❚❚ Pause";
		this.last = performance.now();
		this.tick();
	}

	tick() {
		if (!this.playing)
			return;
		const now = performance.now();
		// What is still being drawn is waited for.
		if (!this.timer)
			this.seek(this.at + (now - this.last) * this.speed);
		this.last = now;
		if (this.at >= this.recording.length && !this.timer)
			this.pause();
		else
			requestAnimationFrame(() => this.tick());
	}

	pause() {
		this.playing = false;
		this.playButton.textContent = "▶ Play";
		this.show();
	}
}
