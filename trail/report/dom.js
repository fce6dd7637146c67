// SPDX-License-Identifier: ISC
// Elements made from data. What a log says becomes text nodes and harmless attributes: nothing here
// or in any other file of this page reads markup, and what could run or load something is refused.

// Attributes that may be set. None of them loads, runs or links to anything; "href" is the page's
// own anchors.
const harmless =
	/^(class|id|title|type|value|min|max|step|start|for|role|tabindex|scope|hidden|open|lang|placeholder|colspan|disabled|selected|checked|autocomplete|aria-[a-z]+|data-[a-z]+|x|y|x1|x2|y1|y2|width|height|viewBox|d|rx|text-anchor|preserveAspectRatio|focusable)$/;

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (name === "href" ? !/^#[a-z0-9-]+$/.test(value) : !harmless.test(name))
			throw new Error("attribute " + name);
		element.setAttribute(name, value === true ? "" : String(value));
	}
	for (const child of children.flat(Infinity))
		if (child !== null && child !== undefined && child !== false)
			element.append(child instanceof Node ? child : String(child));
	return element;
}

function el(tag, attributes, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
	return fill(document.createElementNS(byId("picture").namespaceURI, tag), attributes, children);
}

function byId(id) { return document.getElementById(id); }

// The JSON in one of the page's data blocks; undefined if there is none or it is spoilt.
function block(id) {
	const script = byId(id);
	try {
		return script ? JSON.parse(script.textContent) : undefined;
	} catch (error) {
		return undefined;
	}
}

function plural(n, one, many) {
	return n.toLocaleString("en") + " " + (n === 1 ? one : many || one + "s");
}
