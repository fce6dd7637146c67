// SPDX-License-Identifier: ISC
// An I/O log as it is in the page: what was read and written, and when.

const kinds = ["stdin", "stdout", "stderr", "ttyin", "ttyout", "winsize", "", "suspend"];
const winsize = 5, suspend = 7;

function isOutput(kind) { return kind === 1 || kind === 2 || kind === 4; }

// records: [kind, microseconds since the one before, bytes, untimed?], [5, µs, lines, columns] and
// [7, µs, signal]; data: the bytes of all records, in base64.
class Recording {
	constructor(data) {
		this.info = data;
		this.bytes = bytesOf(data.data);
		this.records = [];
		const decoders = kinds.map(() => new TextDecoder("utf-8", {ignoreBOM: true}));
		const last = [];
		let time = 0, position = 0;
		for (const [kind, microseconds, n, more] of data.records) {
			time += microseconds / 1000;
			const record = {kind, time, text: ""};
			if (kind === winsize) {
				record.size = [n, more];
			} else if (kind === suspend) {
				record.signal = n;
			} else {
				record.untimed = Boolean(more);
				record.bytes = this.bytes.subarray(position, position + n);
				record.text = decoders[kind].decode(record.bytes, {stream: true});
				position += n;
				last[kind] = record;
			}
			this.records.push(record);
		}
		// A character that the end cut off.
		last.forEach((record, kind) => { record.text += decoders[kind].decode(); });
		this.setIdle(Infinity);
	}

	// No wait in the playback is longer than that many milliseconds.
	setIdle(idle) {
		let before = 0, at = 0;
		this.times = this.records.map((record) => {
			at += Math.min(record.time - before, idle);
			before = record.time;
			return at;
		});
		this.length = at;
	}

	// How many records have happened by a time of the playback.
	countAt(time) {
		let low = 0, high = this.times.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.times[middle] <= time)
				low = middle + 1;
			else
				high = middle;
		}
		return low;
	}

	// The recorded time (ms since the log began) at a time of the playback.
	realTime(time) {
		const n = this.countAt(time);
		return n === 0 ? Math.min(time, this.records.length ? this.records[0].time : 0)
			       : this.records[n - 1].time +
					 Math.max(0,
						 Math.min(time - this.times[n - 1],
							 n < this.records.length
								 ? this.records[n].time -
									   this.records[n - 1].time
								 : 0));
	}
}

// "1:02.345"
function clock(milliseconds) {
	const ms = Math.round(milliseconds), hours = Math.trunc(ms / 3600000);
	const minutes = Math.trunc(ms / 60000) % 60, seconds = (ms % 60000) / 1000;
	return (hours ? hours + ":" + String(minutes).padStart(2, "0") : String(minutes)) + ":" +
	       seconds.toFixed(3).padStart(6, "0");
}
